import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import { instant, text } from '../attributes.ts'
import {
  decodeRevocationUpload,
  encodeRevocationUpload,
  type RevocationUpload,
} from '../items/revocation-upload.ts'
import { revocationListKey, revocationUploadKey } from '../keys.ts'
import { dropShards, type Generation } from './revocation-shards.ts'
import type { Registry } from './transaction.ts'

/** How long an upload keeps others out: the control function lives 29 s at most, so whoever is interrupted has ended by then. */
const HELD_SECONDS = 60

/** Write units that an upload spends on the rows of the list before, so that it costs a quarter more at most; the next one deletes what is left. */
const MOST_UNITS_AFTERWARDS = 2000

const EPOCH = new Date(0)

async function readUpload(
  registry: Registry,
  keySha256: string,
): Promise<RevocationUpload | undefined> {
  const item = await registry.get(revocationUploadKey(keySha256))
  return item && decodeRevocationUpload(item)
}

/**
 * Begins the upload of a generation: from then on nobody else uploads for the key, and all rows that earlier ones left are gone. False
 * where another one is under way.
 */
export async function beginUpload(registry: Registry, own: Generation): Promise<boolean> {
  const found = await readUpload(registry, own.keySha256)
  const now = registry.now()
  if (found === undefined) return hold(registry, ownUpload(own, now), { missing: true })
  const mayTake = found.heldUntil <= now
  if (!mayTake) return false
  // First the one before is kept from putting its list in force; only then do its rows certainly not count.
  const taken = { ...ownUpload(own, now), generationId: found.generationId, shards: found.shards }
  if (!(await hold(registry, taken, heldAs(found)))) return false
  await dropLeft(registry, taken)
  return hold(registry, ownUpload(own, now), heldAs(taken))
}

const ownUpload = (own: Generation, now: Date): RevocationUpload => ({
  ...own,
  holderId: own.generationId,
  heldUntil: new Date(now.getTime() + HELD_SECONDS * 1000),
})

const heldAs = ({ holderId, heldUntil, generationId }: RevocationUpload) => ({
  equal: {
    holderId: text(holderId),
    heldUntil: instant(heldUntil),
    generationId: text(generationId),
  },
})

/** Whether the upload is on record as given. A write whose answer was lost is refused when it is sent again, though it was made. */
async function hold(
  registry: Registry,
  upload: RevocationUpload,
  condition: Parameters<Registry['put']>[1],
): Promise<boolean> {
  if (await registry.attempt(registry.put(encodeRevocationUpload(upload), condition))) return true
  const found = await readUpload(registry, upload.keySha256)
  return found?.holderId === upload.holderId && found.generationId === upload.generationId
}

/** Rows of the list in force are none that were left, whatever an upload says. */
async function dropLeft(registry: Registry, left: Generation): Promise<void> {
  const inForce = await registry.get(revocationListKey(left.keySha256))
  if (inForce?.generationId?.S !== left.generationId) await dropShards(registry, left)
}

/** Whether an upload may still put its list in force. */
export async function isHeld(registry: Registry, own: Generation): Promise<boolean> {
  const found = await readUpload(registry, own.keySha256)
  return found?.holderId === own.generationId
}

/** The write that makes an upload's own rows count: what is left is the generation before, if there was any. It fails where another upload holds the key. */
export function planRelease(
  registry: Registry,
  own: Generation,
  before: Generation | undefined,
): TransactWriteItem {
  const condition = {
    equal: { holderId: text(own.generationId), generationId: text(own.generationId) },
  }
  if (before === undefined) return registry.remove(revocationUploadKey(own.keySha256), condition)
  return registry.put(encodeRevocationUpload(released(own, before)), condition)
}

const released = (
  { keySha256, generationId: holderId }: Generation,
  { generationId, shards }: Generation,
): RevocationUpload => ({ keySha256, holderId, heldUntil: EPOCH, generationId, shards })

/**
 * Ends an upload: its rows are deleted if they do not count, else those of the list before. That rows could not be deleted must not make a list
 * that is in force look refused; whoever uploads next deletes what is left.
 */
export async function endUpload(registry: Registry, own: Generation): Promise<void> {
  try {
    const left = await readUpload(registry, own.keySha256)
    if (left?.holderId !== own.generationId) return
    const shards = await dropShards(registry, left, MOST_UNITS_AFTERWARDS)
    const rest = released(own, { ...left, shards })
    const isDone = shards.every((octet) => octet === 0)
    await registry.attempt(
      isDone
        ? registry.remove(revocationUploadKey(own.keySha256), heldAs(left))
        : registry.put(encodeRevocationUpload(rest), heldAs(left)),
    )
  } catch {
    await abandonUpload(registry, own)
  }
}

/** Lets others upload at once, after a failure: they delete what is there. Where this fails too, they wait. */
export async function abandonUpload(registry: Registry, own: Generation): Promise<void> {
  try {
    const found = await readUpload(registry, own.keySha256)
    if (found?.holderId !== own.generationId) return
    await registry.attempt(
      registry.put(encodeRevocationUpload(released(own, found)), heldAs(found)),
    )
  } catch {
    return
  }
}
