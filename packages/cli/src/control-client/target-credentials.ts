import { join } from 'node:path'
import { defaultProvider } from '@aws-sdk/credential-provider-node'
import type { UsageProblem } from '../command-io.ts'
import { readTextFile } from '../read-text-file.ts'
import type { ControlTarget } from './target.ts'

/** An access key, with a session token where it is a session's. */
export type AccessKeys = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** Finds the keys to sign with; asked before each request, because sessions end. */
export type FindAccessKeys = () => Promise<AccessKeys | UsageProblem>

/** Any of these says which keys are meant. */
const AWS_VARIABLES = [
  'AWS_ACCESS_KEY_ID',
  'AWS_PROFILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
]

/**
 * The keys for a target: a local stack's administrator, unless AWS's variables say otherwise; for a deployment whatever the AWS
 * CLI would take.
 */
export function accessKeysFor(
  { localDataDir }: Pick<ControlTarget, 'localDataDir'>,
  environment: Readonly<Record<string, string | undefined>>,
  usual: () => Promise<AccessKeys> = defaultProvider(),
): FindAccessKeys {
  const named = AWS_VARIABLES.some((name) => (environment[name] ?? '') !== '')
  if (localDataDir === undefined || named) return usualAccessKeys(usual)
  return localAccessKeys(localDataDir)
}

/** The operator's own: environment, profile, SSO, container or instance, in the order of the AWS CLI. */
export function usualAccessKeys(provide: () => Promise<AccessKeys>): FindAccessKeys {
  return async () => {
    try {
      return await provide()
    } catch {
      // What the providers say may quote a file.
      return { problem: 'no AWS credentials were found (`aws sts get-caller-identity` tells more)' }
    }
  }
}

function localAccessKeys(dataDir: string): FindAccessKeys {
  const path = join(dataDir, 'aws-credentials')
  return async () => {
    const file = await readTextFile(path)
    if ('problem' in file) {
      return { problem: `${file.problem}: is a stack started there (npm start, --data-dir)?` }
    }
    const keys = readDefaultProfile(file.text)
    return keys ?? { problem: `${path} has no whole profile [default]` }
  }
}

const SETTING = /^(aws_access_key_id|aws_secret_access_key)\s*=\s*(\S+)$/

/** The administrator's profile of a local stack. */
function readDefaultProfile(text: string): AccessKeys | undefined {
  const found = new Map<string, string>()
  let inside = false
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line.startsWith('[')) inside = line === '[default]'
    const [, name = '', value = ''] = SETTING.exec(line) ?? []
    if (inside && name !== '') found.set(name, value)
  }
  const accessKeyId = found.get('aws_access_key_id')
  const secretAccessKey = found.get('aws_secret_access_key')
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined
  return { accessKeyId, secretAccessKey }
}
