import { randomUUID } from 'node:crypto'
import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { parseCaCertificateId, parseCertificateId, parseTenantId } from '@thingpass/core/names'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestTable, type TestTable } from '../../../testing/start-test-table.ts'
import { encodeCaCertificate } from '../items/ca-certificate.ts'
import { createRegistryWrites } from '../registry-writes.ts'

const NOON = new Date('2026-06-01T12:00:00Z')
const tenantId = parseTenantId('acme')!
const caCertificateId = parseCaCertificateId('ca'.repeat(32))!
const [gone, moved] = ['c1', 'c2'].map((digits) => parseCertificateId(digits.repeat(32))!)

let table: TestTable
beforeAll(async () => {
  table = await startTestTable()
})
afterAll(() => table.stop())

test('a row of a CA whose certificate is gone, or is registered otherwise, lists nothing', async () => {
  const { client, tableName } = table
  const actor = 'arn:aws:iam::123456789012:user/operator'
  const writes = createRegistryWrites({
    ...{ client, tableName, clock: () => NOON, newId: randomUUID, actor },
  })
  await writes.registerCertificate({
    ...{ tenantId, certificateId: moved!, registration: { kind: 'without-ca' }, status: 'ACTIVE' },
  })
  // As a page finds them that was read while their certificates were deleted.
  for (const certificateId of [gone!, moved!]) {
    const row = encodeCaCertificate({
      ...{ tenantId, caCertificateId, certificateId, registeredAt: NOON },
    })
    await client.send(new PutItemCommand({ TableName: tableName, Item: row }))
  }
  const page = await writes.listCertificatesOfCa({ tenantId, caCertificateId, limit: 10 })
  expect(page).toEqual({ items: [], more: false })
})
