import path from 'node:path'
import { build } from 'esbuild'
import { ROOT } from './materialise-platform.ts'

/** A command of an SDK client and what IAM must allow for it. Source: Service Authorization Reference, by service. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  BatchGetItem: ['dynamodb:BatchGetItem'],
  BatchWriteItem: ['dynamodb:BatchWriteItem'],
  GetItem: ['dynamodb:GetItem'],
  PutItem: ['dynamodb:PutItem'],
  DeleteItem: ['dynamodb:DeleteItem'],
  Query: ['dynamodb:Query'],
  UpdateItem: ['dynamodb:UpdateItem'],
  TransactWriteItems: [
    'dynamodb:ConditionCheckItem',
    'dynamodb:DeleteItem',
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
  ],
  AssumeRole: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
  GetRole: ['iam:GetRole'],
  SimulatePrincipalPolicy: ['iam:SimulatePrincipalPolicy'],
  GetPublicKey: ['kms:GetPublicKey'],
  Sign: ['kms:Sign'],
  GetObject: ['s3:GetObject'],
  PutObject: ['s3:PutObject'],
  GetDomainName: ['apigateway:GET'],
  UpdateDomainName: [
    'apigateway:PATCH',
    'apigateway:AddCertificateToDomain',
    's3:GetObjectVersion', // API Gateway reads the truststore as whoever asks
  ],
}

/**
 * What IAM must allow for every call to AWS that a function's bundle carries, called or not.
 * @throws {Error} when a command is in no row above
 */
export async function actionsCarriedBy(handler: string): Promise<readonly string[]> {
  const { outputFiles } = await build({
    entryPoints: [path.join(ROOT, `${handler.replace(/\.[^.]+$/, '')}.ts`)],
    absWorkingDir: ROOT,
    outfile: path.join(ROOT, '.sst/calls.mjs'),
    write: false,
    platform: 'node',
    bundle: true, // and what nobody uses falls away
    format: 'esm',
    external: ['@aws-sdk/*', '@smithy/*'],
    logLevel: 'error',
  })
  const code = outputFiles[0]?.text ?? ''
  const commands = SPELLINGS.flatMap((spelling) =>
    [...code.matchAll(spelling)].map(([, command = '']) => command),
  )
  return [...new Set(commands.flatMap(actionsOf))].toSorted()
}

/** How calls are written: with a client of the SDK, and in `packages/aws/src/lean` without. */
const SPELLINGS = [
  /\bnew (\w+)Command\d*\(/g,
  /\brequest\d*\("([A-Z]\w+)",/g,
  /\["Action", "(\w+)"\]/g,
]

function actionsOf(command: string): readonly string[] {
  const actions = ACTIONS[command]
  if (actions === undefined) throw new Error(`nobody has said what IAM must allow for ${command}`)
  return actions
}
