import { invokeIssued, pointedAt, type Side } from './lambda/build-sides.ts'
import { startLambda } from './lambda/lambda-process.ts'
import { comparison, type Row } from './row.ts'
import { countCalls } from './world/calls.ts'
import { createLargeTables } from './world/large-table.ts'
import type { World } from './world/start-world.ts'
import { type Services, startUpstream } from './world/upstream.ts'

/** What section f is measured with: the deployed function, and a world whose fleet is multiplied. */
export type TableMeasurement = {
  readonly side: Side
  readonly world: World
  /** Where tables may lie: half a kilobyte and more for each of a certificate's dozen items. */
  readonly folder: string
  /** Certificates in the table, rising. */
  readonly sizes: readonly number[]
  readonly say: (line: string) => void
}

/** What one credential took from DynamoDB. */
type Cost = { readonly calls: number; readonly units: number }
type Costs = { readonly first: Cost; readonly later: Cost }

/** Section f: the most that a credential takes at any size over the least, which is 1 when the size does not matter. */
export async function tableRows(measurement: TableMeasurement): Promise<readonly Row[]> {
  const { side, world, folder, sizes, say } = measurement
  const makeTable = await createLargeTables(world, folder)
  const costs: Costs[] = []
  for (const size of sizes) {
    const begun = performance.now()
    const engine = await makeTable(size)
    say(`f: ${size} certificates after ${((performance.now() - begun) / 1000).toFixed(1)} s`)
    try {
      const services = { dynamodbUrl: engine.url, stsUrl: world.stsUrl }
      costs.push(await costsOf(side, services, JSON.stringify(world.event)))
    } finally {
      await engine.stop()
    }
  }
  const span = [sizes[0], sizes.at(-1)].map((size) => size?.toLocaleString('en')).join(' to ')
  return (['first', 'later'] as const).flatMap((phase) =>
    (['calls', 'units'] as const).map((unit) => {
      const taken = costs.map((each) => each[phase][unit])
      const pair = { ours: Math.max(...taken), base: Math.min(...taken) }
      const what = `${unit === 'calls' ? 'calls' : 'read capacity'} of a ${phase} credential, ${span} certificates`
      const limit = { kind: 'atMost', value: 1 } as const
      return comparison({ section: 'f', what, unit, limit }, [pair])
    }),
  )
}

/** The calls go to the engine itself, which says what each consumes. STS is not counted. */
async function costsOf(side: Side, services: Services, event: string): Promise<Costs> {
  const upstream = await startUpstream(new Map(), services, 0)
  const lambda = await startLambda(pointedAt(side, upstream.url).function)
  const costOfRequest = async (): Promise<Cost> => {
    await invokeIssued(side.name, lambda.invoke, event)
    const registryCalls = upstream
      .takeRounds()
      .map((round) => round.filter(({ operation }) => operation !== 'AssumeRole'))
    return { calls: countCalls(registryCalls), units: upstream.takeCapacity() }
  }
  try {
    const first = await costOfRequest()
    await costOfRequest()
    return { first, later: await costOfRequest() }
  } finally {
    await lambda.stop()
    await upstream.close()
  }
}
