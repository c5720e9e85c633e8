import { randomUUID } from 'node:crypto'
import { createRegistryWrites } from '@thingpass/aws/registry/registry-writes'
import { findContradictions } from '@thingpass/aws/testing/registry-contradictions'
import { readRegistry } from '@thingpass/aws/testing/registry-walk'
import { startTestTable, type TestTable } from '@thingpass/aws/testing/start-test-table'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { beginScene, type Scene } from './registry-scene.ts'
import * as world from './registry-world.ts'

/** A change, and what another writer does between its reads and its transaction. */
export type Row = {
  readonly before?: (it: Scene) => Promise<unknown>
  readonly act: (it: Scene) => Promise<unknown>
  readonly rival: (it: Scene) => Promise<unknown>
  readonly outcome: unknown
  readonly after?: (it: Scene) => Promise<unknown>
  /** How much later than everything before it the change is made. */
  readonly laterSeconds?: number
  /** How much later than the change begins the other writer comes, and the change is ended. */
  readonly rivalAfterSeconds?: number
}

/** Makes a row. */
export const row = (
  act: Row['act'],
  rival: Row['rival'],
  outcome: unknown,
  more: Omit<Row, 'act' | 'rival' | 'outcome'> = {},
): Row => ({ act, rival, outcome, ...more })

/** Does one after the other. */
export async function inSeries(...acts: (() => Promise<unknown>)[]): Promise<void> {
  for (const act of acts) await act()
}

/** Tests that each outcome is true of what another writer has left, and that nothing contradicts anything afterwards. */
export function describeRivals(rows: Readonly<Record<string, Row>>): void {
  let table: TestTable
  let now = world.NOW
  /** What another writer does between the reads and the transaction of the next change. */
  let rival: (() => Promise<unknown>) | undefined

  beforeAll(async () => {
    table = await startTestTable()
    table.client.middlewareStack.add(
      (next, context) => async (args) => {
        const act = context.commandName === 'TransactWriteItemsCommand' ? rival : undefined
        if (act) {
          rival = undefined
          await act()
        }
        return next(args)
      },
      { step: 'initialize', name: 'rival' },
    )
  })
  afterAll(() => table.stop())

  const begin = () => {
    now = world.NOW
    const writes = createRegistryWrites({
      client: table.client,
      tableName: table.tableName,
      clock: () => now,
      newId: randomUUID,
      actor: 'arn:aws:iam::123456789012:user/operator',
      pause: async () => undefined,
    })
    return beginScene(writes)
  }

  describe('another writer comes between', () => {
    test.each(Object.entries(rows))(
      '%s',
      async (_name, { before, act, rival: come, outcome, after, ...late }) => {
        const { laterSeconds = 0, rivalAfterSeconds = 0 } = late
        const it = await begin()
        await before?.(it)
        now = new Date(world.NOW.getTime() + laterSeconds * 1000)
        let came = false
        rival = async () => {
          now = new Date(now.getTime() + rivalAfterSeconds * 1000)
          await come(it)
          came = true
        }
        expect(await act(it)).toEqual(outcome)
        expect(came).toBe(true)
        await after?.(it)
        expect(findContradictions(await readRegistry(table.client, table.tableName))).toEqual([])
      },
    )
  })
}
