import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createStsClient } from '@thingpass/aws/clients'
import { createStsIssuer } from '@thingpass/aws/sts/issuer'
import { matchesArnPattern } from '@thingpass/core/policy/arn'
import type { Clock, IssueCredentials } from '@thingpass/core/ports'
import type { Settings } from '../command-line.ts'
import { BROKER_ROLE_NAME } from '../demo-fleet/demo-roles.ts'
import { DATA_FILES } from '../engine/data-directory.ts'
import { PRIVATE, writeFileAtomically } from '../pki/write-file.ts'
import { openRolesFile } from '../sts/roles-file.ts'
import { startLocalSts } from '../sts/start-local-sts.ts'
import type { Closing } from './closing.ts'

/** Who issues credentials. */
export type Issuer = {
  readonly issueCredentials: IssueCredentials
  /** Where the local STS listens; absent with AWS's. */
  readonly url?: string
}

const OPEN_REGISTRY =
  'warning: the embedded DynamoDB checks no signature: whoever may open its port on this machine can grant himself the roles of --allow-role'
const SIGNING_KEY_BYTES = 32
const SIGNING_KEY = /^[0-9a-f]{64}$/

/** Opens the issuer that the settings name: AWS's STS with the caller's own credentials, or the local stand-in. */
export async function openIssuer(
  settings: Settings,
  dataDir: string,
  surroundings: {
    readonly clock: Clock
    readonly closing: Closing
    readonly log: (line: string) => void
  },
): Promise<Issuer> {
  const { clock, closing, log } = surroundings
  if (settings.sts === 'aws') {
    if (settings.dynamodb === undefined) log(OPEN_REGISTRY)
    const client = createStsClient({ region: settings.region })
    closing.add(async () => client.destroy())
    return { issueCredentials: allowingRoles(settings, createStsIssuer({ client, clock }), log) }
  }
  const credentials = {
    accessKeyId: 'AKIALOCALBROKER00000',
    secretAccessKey: randomBytes(30).toString('base64'),
  }
  const { account, region } = settings
  const sts = await startLocalSts({
    ...{ accountId: account, region, clock, log },
    brokerRoleName: BROKER_ROLE_NAME,
    brokerCredentials: credentials,
    roles: openRolesFile(join(dataDir, DATA_FILES.roles)),
    signingKey: await keepSigningKey(join(dataDir, 'server', 'sts-signing.key')),
  })
  closing.add(sts.close)
  const client = createStsClient({ region, endpoint: sts.url, credentials })
  closing.add(async () => client.destroy())
  const issue = createStsIssuer({ client, clock })
  return { issueCredentials: allowingRoles(settings, issue, log), url: sts.url }
}

/**
 * Lets only the roles through that `--allow-role` names, whatever the registry says: with AWS's STS real roles are at stake, and a
 * local registry has no gate of its own. Without the flag (local stand-in only) every role passes.
 */
export function allowingRoles(
  { sts, allowRoles }: Pick<Settings, 'sts' | 'allowRoles'>,
  issue: IssueCredentials,
  log: (line: string) => void,
): IssueCredentials {
  return async (request, deadline) => {
    const named = allowRoles.some((pattern) => matchesArnPattern(pattern, request.roleArn))
    const allowed = named || (sts === 'local' && allowRoles.length === 0)
    if (allowed) return issue(request, deadline)
    log(`not issued: ${request.roleArn} is not among the roles of --allow-role`)
    return { issued: false, reason: 'role-not-assumable' }
  }
}

/** The local STS's key is kept, so that credentials stay good over a restart. */
async function keepSigningKey(path: string): Promise<Buffer> {
  const kept = await readFile(path, 'utf8').catch(() => '')
  if (SIGNING_KEY.test(kept)) return Buffer.from(kept, 'hex')
  const made = randomBytes(SIGNING_KEY_BYTES)
  await writeFileAtomically(path, made.toString('hex'), PRIVATE)
  return made
}
