import { randomUUID } from 'node:crypto'
import { createDynamoClient } from '@thingpass/aws/clients'
import { createRegistryWrites } from '@thingpass/aws/registry/registry-writes'
import { parseRegion } from '@thingpass/core/names'
import type { CaIdentity } from '@thingpass/core/registry-writes/cas'
import { uploadedList } from './revocation-uploads.ts'

// Puts one list after the other until it is killed: each with the next number, told in a line before it begins.
const { endpoint, tableName, identity, issuerSha256 } = JSON.parse(process.argv[2] ?? '{}') as {
  readonly endpoint: string
  readonly tableName: string
  readonly identity: CaIdentity
  readonly issuerSha256: string
}
const client = createDynamoClient({
  ...{ endpoint, region: parseRegion('us-east-1')! },
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
})
const writes = createRegistryWrites({
  ...{ client, tableName, clock: () => new Date(), newId: randomUUID, actor: 'operator' },
})
const found = await writes.getRevocationList(identity)
let number = (found.ok ? (found.list?.number ?? 0n) : 0n) + 1n
for (;;) {
  process.stdout.write(`${number}\n`)
  await writes.putRevocationList({ ...identity, list: uploadedList(number, issuerSha256) })
  number += 1n
}
