import { randomUUID } from 'node:crypto'
import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { parseCaCertificateId, parseTenantId } from '@thingpass/core/names'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestTable, type TestTable } from '../../../testing/start-test-table.ts'
import { createRegistryWrites } from '../registry-writes.ts'

const NOON = new Date('2026-06-01T12:00:00Z')
const tenantId = parseTenantId('acme')!
const caCertificateId = parseCaCertificateId('ca'.repeat(32))!

let table: TestTable
beforeAll(async () => {
  table = await startTestTable()
})
afterAll(() => table.stop())

/** Every item but the audit's, as its key. */
async function keysOfItems(): Promise<readonly string[]> {
  const { client, tableName } = table
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName }))
  return Items.filter(({ kind }) => kind?.S !== 'audit').map(({ pk, sk }) => `${pk?.S} ${sk?.S}`)
}

test('a CA that is deleted leaves nothing behind', async () => {
  const { client, tableName } = table
  const actor = 'arn:aws:iam::123456789012:user/operator'
  const writes = createRegistryWrites({
    ...{ client, tableName, clock: () => NOON, newId: randomUUID, actor },
  })
  const outcome = await writes.registerCa({
    record: { tenantId, caCertificateId, status: 'INACTIVE', publicKey: new Uint8Array([48]) },
    ...{ certificateMode: 'DEFAULT', autoRegistration: false, pem: 'PEM', own: true },
    ...{ publicKeySha256: 'd1'.repeat(32), subjectSha256: 'd2'.repeat(32) },
    tags: new Map([['site', 'ulm']]),
  })
  expect(outcome).toEqual({ ok: true })
  expect(await keysOfItems()).toHaveLength(7)
  expect(await writes.deleteCa({ tenantId, caCertificateId })).toEqual({ ok: true })
  expect(await keysOfItems()).toEqual([])
})
