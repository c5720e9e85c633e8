import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createRegistryWrites } from '@thingpass/aws/registry/registry-writes'
import { findContradictions } from '@thingpass/aws/testing/registry-contradictions'
import { readRegistry } from '@thingpass/aws/testing/registry-walk'
import { startTestTable, type TestTable } from '@thingpass/aws/testing/start-test-table'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as world from './registry-world.ts'
import { uploadedSerials } from './revocation-uploads.ts'

const UPLOADER = fileURLToPath(new URL('revocation-uploads.main.ts', import.meta.url))

let table: TestTable
beforeAll(async () => {
  table = await startTestTable()
})
afterAll(() => table.stop())

/** Uploads until the list of one number has been begun for so long, and is killed there; says which number that was. */
async function uploadUntil(input: object, milliseconds: number): Promise<bigint> {
  const child = spawn(process.execPath, [UPLOADER, JSON.stringify(input)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  let begun = 0n
  const lines = createInterface({ input: child.stdout })
  const second = Promise.withResolvers<void>()
  lines.on('line', (line) => {
    if (begun !== 0n) second.resolve()
    begun = BigInt(line)
  })
  await Promise.race([second.promise, ended])
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  child.kill('SIGKILL')
  expect(await ended).toEqual([null, 'SIGKILL'])
  return begun
}

test('T28: whenever an upload is killed, one list counts as a whole', async () => {
  const { client, tableName, endpoint } = table
  const writes = createRegistryWrites({
    ...{ client, tableName, clock: () => world.NOW, newId: randomUUID, actor: 'operator' },
  })
  const ca = world.newCa(world.newTenant())
  const { tenantId, caCertificateId } = ca.record
  const identity = { tenantId, caCertificateId }
  await writes.registerCa(ca)
  const input = { endpoint, tableName, identity, issuerSha256: ca.subjectSha256 }
  const isRevoked = async (serialNumber: string) => {
    const found = await writes.isRevoked({ ...identity, serialNumber })
    return found.ok && found.revoked
  }
  const generations = async () => {
    const { revocationShards } = await readRegistry(client, tableName)
    return new Set(revocationShards.map(({ generationId }) => generationId)).size
  }
  for (const [index, milliseconds] of [0, 7, 13, 23, 37, 59].entries()) {
    const begun = await uploadUntil({ ...input, laterSeconds: index * 61 }, milliseconds)
    const found = await writes.getRevocationList(identity)
    const number = found.ok ? found.list!.number : undefined
    expect([begun - 1n, begun]).toContain(number)
    // One in fifty of each list: those in force are all found, those before and after never.
    const sample = (of: bigint) => uploadedSerials(of).filter((_, index) => index % 50 === 0)
    for (const of of [number! - 1n, number!, number! + 1n]) {
      for (const serial of sample(of)) expect(await isRevoked(serial)).toBe(of === number)
    }
    const contradictions = findContradictions(await readRegistry(client, tableName), {
      interrupted: true,
    })
    expect(contradictions).toEqual([])
    expect(await generations()).toBeLessThanOrEqual(3) // in force, killed, and deleted in part
  }
}, 120_000)
