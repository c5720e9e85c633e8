import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createGzip } from 'node:zlib'
import { paginateScan } from '@aws-sdk/client-dynamodb'
import { createDynamoClient } from '@thingpass/aws/clients'
import { registryTable } from '@thingpass/aws/registry/table'
import { findEngineBinary } from '@thingpass/local/engine/engine-binary'
import { type Engine, startEngine } from '@thingpass/local/engine/start-engine'
import { REGION, type World } from './start-world.ts'

type Item = Readonly<Record<string, { readonly S?: string }>>

/** The device that is multiplied: registered as any other, with its thing, its attachments and its policies. */
const MULTIPLIED = 'camera-2'
const ITS_THING = new RegExp(`^TENANT#default#THING#${MULTIPLIED}(?: |$)`)
const run = promisify(execFile)

/**
 * Makes tables of the world's fleet and as many more certificates as are asked for: one registered device multiplied, items and
 * index entries as the control plane wrote them, under ids and names of their own. Calls must rise; each starts an engine, which the caller stops.
 */
export async function createLargeTables(
  world: World,
  folder: string,
): Promise<(certificates: number) => Promise<Engine>> {
  const data = join(folder, 'export', world.tableName, 'data')
  const schema = join(folder, 'schema.json')
  await mkdir(data, { recursive: true })
  await writeFile(schema, JSON.stringify({ Table: registryTable(world.tableName) }))
  const items = await scan(world)
  await writeExport(join(data, 'fleet.json.gz'), [items.map(lineOf).join('')])
  const copyOf = copierOf(items)
  let made = items.filter(({ pk, sk }) => pk?.S?.startsWith('CERT#') && sk?.S === 'META').length
  return async (certificates) => {
    const from = made
    made = certificates
    await writeExport(join(data, `${certificates}.json.gz`), copies(copyOf, from, certificates))
    const database = join(folder, `${certificates}.db`)
    const source = ['--source', join(folder, 'export'), '--schema', schema]
    await run(findEngineBinary(), ['import', ...source, '--output', database, '--force'])
    return startEngine(findEngineBinary(), database)
  }
}

/** As DynamoDB's own exports are written. Source: DynamoDB developer guide, "DynamoDB table export output format". */
const lineOf = (item: Item) =>
  `${JSON.stringify({ Item: item }, (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value))}\n`

async function writeExport(file: string, lines: Iterable<string>): Promise<void> {
  await pipeline(Readable.from(lines), createGzip({ level: 1 }), createWriteStream(file))
}

function* copies(copyOf: (number: number) => string, from: number, to: number): Iterable<string> {
  const together = 100
  for (let start = from; start < to; start += together) {
    const count = Math.min(together, to - start)
    yield Array.from({ length: count }, (_, index) => copyOf(start + index)).join('')
  }
}

async function scan({ dynamodbUrl, tableName, environment }: World): Promise<readonly Item[]> {
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } =
    environment
  const credentials = { accessKeyId, secretAccessKey }
  const client = createDynamoClient({ region: REGION, endpoint: dynamodbUrl, credentials })
  const items: Item[] = []
  for await (const page of paginateScan({ client }, { TableName: tableName })) {
    items.push(...((page.Items ?? []) as readonly Item[]))
  }
  client.destroy()
  return items
}

/** Lines of one more device. */
function copierOf(items: readonly Item[]): (number: number) => string {
  const certificateId = certificateOf(items)
  const ofDevice = items.filter(({ pk, sk }) => {
    const key = `${pk?.S} ${sk?.S}`
    return (key.includes(certificateId) || ITS_THING.test(key)) && !key.includes('AUDIT#')
  })
  const template = ofDevice.map(lineOf).join('')
  const pieces = template.split(certificateId).map((piece) => piece.split(MULTIPLIED))
  return (number) => {
    const id = createHash('sha256').update(`device ${number}`).digest('hex')
    const name = `camera-of-the-bench-${number}`
    return pieces.map((piece) => piece.join(name)).join(id)
  }
}

/** The certificate that the multiplied thing of the measured device's tenant is attached to. */
function certificateOf(items: readonly Item[]): string {
  const edge = items.find(
    ({ pk, sk }) =>
      pk?.S === `TENANT#default#THING#${MULTIPLIED}` && sk?.S?.startsWith('CERT#') === true,
  )
  const id = edge?.sk?.S?.slice('CERT#'.length)
  if (id === undefined) throw new Error(`${MULTIPLIED} has no certificate`)
  return id
}
