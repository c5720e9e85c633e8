import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { CallLimits } from '@thingpass/aws/call-settings'
import { createDynamoClient } from '@thingpass/aws/clients'
import { createRegistryWrites } from '@thingpass/aws/registry/registry-writes'
import { createRegistryTable } from '@thingpass/aws/registry/table'
import { Fault } from '@thingpass/core/fault'
import type { Clock } from '@thingpass/core/ports'
import type { RegistryWrites } from '@thingpass/core/registry-writes'
import type { Settings } from '../command-line.ts'
import { DATA_FILES } from '../engine/data-directory.ts'
import { findEngineBinary } from '../engine/engine-binary.ts'
import { startEngine } from '../engine/start-engine.ts'
import type { Closing } from './closing.ts'

/** The local registry: where it is, and how it is read and written. */
export type LocalRegistry = {
  readonly url: string
  readonly tableName: string
  /** For reads on a device's time: short limits. */
  readonly client: DynamoDBClient
  readonly writes: RegistryWrites
  /** The same changes in the name of another caller, which their audit items carry. */
  readonly registryFor: (callerArn: string) => RegistryWrites
  /** Settles when the embedded engine has ended; never where there is none. */
  readonly ended: Promise<string>
}

/** Never the name of a deployment's table, so that a start against a real DynamoDB seeds nothing into one. */
const TABLE_NAME = 'thingpass-local'
const OPERATOR_LIMITS: CallLimits = {
  connectionMs: 2_000,
  requestMs: 10_000,
  socketMs: 10_000,
  maxAttempts: 3,
  maxSockets: 20,
}
/** What embedded and stand-in engines take: they check no signature. */
const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' }
const AWS_HOST = /\.amazonaws\.com(?:\.cn)?$/

/**
 * Opens the registry, in the embedded engine or at the endpoint that the settings name, and makes its table where it is missing.
 * An endpoint of AWS is called with the caller's own credentials.
 * @throws {Fault} CONFIGURATION_INVALID when no DynamoDB can be had
 */
export async function openRegistry(
  settings: Settings,
  dataDir: string,
  { clock, closing }: { readonly clock: Clock; readonly closing: Closing },
): Promise<LocalRegistry> {
  const { url, ended } = await findDynamo(settings, dataDir, closing)
  const isAws = AWS_HOST.test(new URL(url).hostname)
  const options = {
    region: settings.region,
    endpoint: url,
    ...(isAws ? {} : { credentials: LOCAL_CREDENTIALS }),
  }
  const client = createDynamoClient(options)
  const operatorClient = createDynamoClient(options, OPERATOR_LIMITS)
  closing.add(async () => [client, operatorClient].map((each) => each.destroy()))
  await createTable(operatorClient, url)
  const registryFor = (actor: string) =>
    createRegistryWrites({
      client: operatorClient,
      tableName: TABLE_NAME,
      clock,
      newId: randomUUID,
      actor,
    })
  const writes = registryFor(`arn:aws:iam::${settings.account}:user/default`)
  return { url, tableName: TABLE_NAME, client, writes, registryFor, ended }
}

async function findDynamo(
  settings: Settings,
  dataDir: string,
  closing: Closing,
): Promise<Pick<LocalRegistry, 'url' | 'ended'>> {
  if (settings.dynamodb !== undefined) {
    return { url: settings.dynamodb, ended: new Promise(() => undefined) }
  }
  const engine = await startEngine(findEngineBinary(), join(dataDir, DATA_FILES.registry))
  closing.add(engine.stop)
  return engine
}

async function createTable(client: DynamoDBClient, url: string): Promise<void> {
  try {
    await createRegistryTable(client, TABLE_NAME)
  } catch (cause) {
    const { code, name } = cause as NodeJS.ErrnoException
    throw new Fault(
      'CONFIGURATION_INVALID',
      `DynamoDB at ${url} cannot be used (${code ?? name})`,
      {
        cause,
      },
    )
  }
}
