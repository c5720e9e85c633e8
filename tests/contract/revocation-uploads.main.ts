import { randomUUID } from 'node:crypto'
import { createDynamoClient } from '@thingpass/aws/clients'
import { createRegistryWrites } from '@thingpass/aws/registry/registry-writes'
import { parseRegion } from '@thingpass/core/names'
import type { CaIdentity } from '@thingpass/core/registry-writes/cas'
import { uploadedList } from './revocation-uploads.ts'

// Puts one list after the other until it is killed: each with the next number, told in a line before it begins.
const { endpoint, tableName, identity, issuerSha256, laterSeconds } = JSON.parse(
  process.argv[2] ?? '{}',
) as {
  readonly endpoint: string
  readonly tableName: string
  readonly identity: CaIdentity
  readonly issuerSha256: string
  /** How far its clock is ahead, so that it need not wait for an upload that was killed. */
  readonly laterSeconds: number
}
const client = createDynamoClient({
  ...{ endpoint, region: parseRegion('us-east-1')! },
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
})
const writes = createRegistryWrites({
  ...{ client, tableName, newId: randomUUID, actor: 'operator' },
  clock: () => new Date(Date.now() + laterSeconds * 1000),
})
const found = await writes.getRevocationList(identity)
let number = (found.ok ? (found.list?.number ?? 0n) : 0n) + 1n
for (;;) {
  process.stdout.write(`${number}\n`)
  const list = uploadedList(number, issuerSha256)
  const outcome = await writes.putRevocationList({ ...identity, list })
  if (!outcome.ok) throw new Error(outcome.conflict)
  number += 1n
}
