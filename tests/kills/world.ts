import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { IoTClient } from '@aws-sdk/client-iot'
import { createDynamoClient } from '@thingpass/aws/clients'
import { readRegistry } from '@thingpass/aws/testing/registry-walk'
import { parseRegion } from '@thingpass/core/names'
import { findEngineBinary } from '@thingpass/local/engine/engine-binary'
import { startEngine } from '@thingpass/local/engine/start-engine'
import { createCa, issueCertificate } from '@thingpass/x509/testing/certificates'
import { idOf } from '../support/fleet.ts'
import { partsOfLane, SHARED_PARTS } from './change.ts'
import { problemsOf, settle } from './integrity.ts'
import { createLane, driveLane, type Knowledge, type Lane, type Traffic } from './lane.ts'
import { createRandom, type Random } from './random.ts'
import { type RunningStack, startStackProcess } from './running-stack.ts'

/** What is killed: the process that answers, while the engine lives on, or both at once. */
export type Victim = 'handler' | 'everything'

/** A stack that is killed again and again on one data directory. */
export type World = {
  /** Lets operators change things, kills in the middle of it, starts again, and tells what is wrong then. */
  readonly killOnce: () => Promise<Round>
  readonly close: () => Promise<void>
}

/** One kill. */
export type Round = {
  readonly acknowledged: number
  readonly unanswered: number
  readonly problems: readonly string[]
}

const LANES = 6
const TABLE = 'thingpass-local'
const KILL_MS = { least: 10, most: 700 }
const KEYS = { accessKeyId: 'local', secretAccessKey: 'local' }

/** Starts one. All its choices come from the seed; where the machine is in a change when it is killed does not. */
export async function startWorld(victim: Victim, seed: number): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'thingpass-kills-'))
  const place = { folder, dataDir: join(folder, 'data') }
  try {
    return await openWorld(place, victim, createRandom(seed))
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true })
    throw thrown
  }
}

type Place = { readonly folder: string; readonly dataDir: string }

async function openWorld(place: Place, victim: Victim, random: Random): Promise<World> {
  const { folder, dataDir } = place
  const engine =
    victim === 'handler'
      ? await startEngine(findEngineBinary(), join(folder, 'engine.db'))
      : undefined
  const lanes = Array.from({ length: LANES }, (_, index) => makeLane(`${victim}-${index}`, random))
  const start = () => startStackProcess(dataDir, engine?.url)
  let stack = await start()
  const close = async () => {
    await stack.kill('everything')
    await engine?.stop()
    await rm(folder, { recursive: true })
  }
  let audits = await makeShared(stack, dataDir).catch(async (thrown) => {
    await close()
    throw thrown
  })

  return {
    killOnce: async () => {
      const traffic: Traffic = { acknowledged: 0, unanswered: 0, refused: [] }
      await withOperator(stack, dataDir, (client) =>
        trafficUntilKilled({ stack, lanes, client, traffic, random, victim }),
      )
      stack = await start()
      const items = await itemsOf(stack)
      const most = audits + traffic.acknowledged + traffic.unanswered
      const bounds = { least: audits + traffic.acknowledged, most }
      const problems = [...problemsOf(items, knownOf(lanes), bounds), ...traffic.refused]
      for (const { known } of lanes) settle(known, items)
      audits = items.audits.length
      return { ...traffic, problems }
    },
    close,
  }
}

/** Makes what all lanes share; how many audit items there are then. */
async function makeShared(stack: RunningStack, dataDir: string): Promise<number> {
  await withOperator(stack, dataDir, async (client) => {
    for (const part of SHARED_PARTS) await part.make(client)
  })
  return (await itemsOf(stack)).audits.length
}

function makeLane(name: string, random: Random): Lane {
  const seed = Math.floor(random() * 2 ** 32)
  const ca = createCa({ subject: `CA of ${name} ${seed}` })
  // Of a CA that nobody registers: what a registered one has signed is not registered without it.
  const stranger = createCa({ subject: `stranger of ${name} ${seed}` })
  const device = () => issueCertificate(stranger, { subject: name }).pem
  const certificateOf = (pem: string) => ({ id: idOf(pem) as string, pem })
  const made = {
    devices: [certificateOf(device()), certificateOf(device())],
    cas: [certificateOf(ca.pem)],
  }
  return createLane(partsOfLane(name, made), createRandom(seed))
}

/** Every lane ends when nobody answers it any more. */
async function trafficUntilKilled({
  stack,
  lanes,
  client,
  traffic,
  random,
  victim,
}: {
  readonly stack: RunningStack
  readonly lanes: readonly Lane[]
  readonly client: IoTClient
  readonly traffic: Traffic
  readonly random: Random
  readonly victim: Victim
}): Promise<void> {
  const driven = lanes.map((lane) => driveLane(lane, client, traffic))
  await delay(KILL_MS.least + random() * (KILL_MS.most - KILL_MS.least))
  await stack.kill(victim)
  await Promise.all(driven)
}

async function withOperator<Result>(
  { controlUrl }: RunningStack,
  dataDir: string,
  work: (client: IoTClient) => Promise<Result>,
): Promise<Result> {
  const text = await readFile(join(dataDir, 'aws-credentials'), 'utf8')
  const setting = (name: string) => new RegExp(`^${name} = (\\S+)$`, 'm').exec(text)?.[1] ?? ''
  const client = new IoTClient({
    endpoint: controlUrl,
    region: 'us-east-1',
    maxAttempts: 1, // an answer that did not come is what this is about
    credentials: {
      accessKeyId: setting('aws_access_key_id'),
      secretAccessKey: setting('aws_secret_access_key'),
    },
  })
  try {
    return await work(client)
  } finally {
    client.destroy()
  }
}

async function itemsOf({ dynamodbUrl }: RunningStack) {
  const region = parseRegion('us-east-1')!
  const client = createDynamoClient({ region, endpoint: dynamodbUrl, credentials: KEYS })
  try {
    return await readRegistry(client, TABLE)
  } finally {
    client.destroy()
  }
}

const knownOf = (lanes: readonly Lane[]): ReadonlyMap<string, Knowledge> =>
  new Map(lanes.flatMap(({ known }) => [...known]))
