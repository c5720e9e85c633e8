import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import { Fault } from '@thingpass/core/fault'
import type { CaIdentity } from '@thingpass/core/registry-writes/cas'
import {
  judgeSuccession,
  type NewRevocationList,
} from '@thingpass/core/registry-writes/revocation-lists'
import { flag, number, text } from '../attributes.ts'
import { type CaItem, LISTED_ATTRIBUTE } from '../items/ca.ts'
import {
  decodeRevocationList,
  encodeRevocationList,
  type RevocationListItem,
} from '../items/revocation-list.ts'
import { caClaimKey, caKey, revocationListKey } from '../keys.ts'
import { readClaim } from './ca-claims.ts'
import { readCa, readCasOfSubject } from './ca-reads.ts'
import { change, nothingToDo, refuse } from './plan.ts'
import type { Generation } from './revocation-shards.ts'
import { isHeld, planRelease } from './revocation-uploads.ts'
import type { Registry } from './transaction.ts'

/** A list that is to be put in force for a CA. */
export type Putting = CaIdentity & { readonly list: NewRevocationList }

/** Reads the list in force of a key. */
export async function readRevocationList(
  registry: Registry,
  keySha256: string,
): Promise<RevocationListItem | undefined> {
  const item = await registry.get(revocationListKey(keySha256))
  return item && decodeRevocationList(item)
}

/** How a list stands to the CA that it is put for, and to the list in force of its key. */
export async function standingOf(registry: Registry, { list, ...identity }: Putting) {
  const ca = await readCa(registry, identity)
  if (!ca) return refused('ca-unknown')
  if (ca.claims.subject !== list.issuerSha256) return refused('list-of-other-issuer')
  const current = await readRevocationList(registry, ca.claims.key)
  const succession = judgeSuccession(list, current)
  if (current === undefined) return { kind: 'first', ca } as const
  switch (succession) {
    case 'list-of-other-issuer':
    case 'list-older':
    case 'list-number-reused':
      return refused(succession)
    case 'same':
      return { kind: 'same', ca, current } as const
    default:
      return { kind: 'next', ca, current } as const
  }
}

const refused = <Conflict extends string>(conflict: Conflict) =>
  ({ kind: 'refused', conflict }) as const

/** Plans what puts a list in force whose rows, if it needs any, are all there. */
export async function planPut(
  registry: Registry,
  input: Putting,
  generation: Generation | undefined,
) {
  const standing = await standingOf(registry, input)
  if (standing.kind === 'refused') return refuse(standing.conflict)
  if (standing.kind === 'same') {
    // What was written counts already where an answer was lost on its way.
    const isOurs = standing.current.generationId === generation?.generationId
    return isOurs ? nothingToDo({ changed: true }) : planGrace(registry, input, standing)
  }
  if (generation === undefined) {
    const what = `the revocation list of CA key ${standing.ca.claims.key} has gone back`
    throw new Fault('REGISTRY_INCONSISTENT', what)
  }
  if (!(await isHeld(registry, generation))) return refuse('list-being-put')
  const list = itemOf(registry, input, generation)
  const others =
    standing.kind === 'first'
      ? await planFirst(registry, standing.ca)
      : holdCa(registry, standing.ca)
  if (others === undefined) return refuse('key-of-several-names')
  const current = standing.kind === 'next' ? standing.current : undefined
  return planSwitch(registry, { ca: standing.ca, list, current, others })
}

const itemOf = (
  registry: Registry,
  { list, tenantId }: Putting,
  generation: Generation,
): RevocationListItem => {
  const { thisUpdate, nextUpdate, graceSeconds, entryCount, sha256, issuerSha256 } = list
  return {
    ...generation,
    ...{ tenantId, number: list.number, thisUpdate, nextUpdate, graceSeconds, entryCount },
    ...{ sha256, issuerSha256, putAt: registry.now() },
  }
}

/** The one write after which the list counts, with what must hold beside it. */
function planSwitch(
  registry: Registry,
  {
    ca,
    list,
    current,
    others,
  }: {
    readonly ca: CaItem
    readonly list: RevocationListItem
    readonly current: RevocationListItem | undefined
    readonly others: readonly TransactWriteItem[]
  },
) {
  const condition =
    current === undefined
      ? ({ missing: true } as const)
      : { equal: { generationId: text(current.generationId) } }
  return change(
    { changed: true },
    {
      writes: [
        registry.put(encodeRevocationList(list), condition),
        planRelease(registry, list, current),
        ...others,
      ],
      audit: auditOf(ca, current, list),
    },
  )
}

/** The CA is there. */
const holdCa = (registry: Registry, { record }: CaItem): readonly TransactWriteItem[] => [
  registry.check(caKey(record.tenantId, record.caCertificateId), {}),
]

/**
 * With its first list, every CA of the key says from then on that its devices have to be looked up. All of them have the list's issuer name, or none of
 * it is written: of another one no list could speak. The claim holds off a CA that is registered meanwhile.
 */
async function planFirst(
  registry: Registry,
  { claims }: CaItem,
): Promise<readonly TransactWriteItem[] | undefined> {
  const claim = await readClaim(registry, { of: 'key', digest: claims.key })
  const named = await readCasOfSubject(registry, claims.subject)
  const ofKey = named.filter((each) => each.claims.key === claims.key)
  const areAll = claim !== undefined && ofKey.length >= claim.caCount
  if (!areAll) return undefined
  return [
    registry.check(caClaimKey('key', claims.key), { equal: { caCount: number(claim.caCount) } }),
    ...ofKey.map(({ record }) =>
      registry.update(
        caKey(record.tenantId, record.caCertificateId),
        { set: { [LISTED_ATTRIBUTE]: flag(true) } },
        {},
      ),
    ),
  ]
}

/** The same list may be given another grace; nothing else of it changes. */
function planGrace(
  registry: Registry,
  { list: { graceSeconds } }: Putting,
  { ca, current }: { readonly ca: CaItem; readonly current: RevocationListItem },
) {
  if (graceSeconds === current.graceSeconds) return nothingToDo({ changed: false })
  const update = registry.update(
    revocationListKey(current.keySha256),
    { set: { graceSeconds: number(graceSeconds) } },
    {
      equal: {
        generationId: text(current.generationId),
        graceSeconds: number(current.graceSeconds),
      },
    },
  )
  const audit = auditOf(ca, current, { ...current, graceSeconds })
  return change({ changed: true }, { writes: [update], audit })
}

function auditOf(
  { record: { tenantId, caCertificateId } }: CaItem,
  before: RevocationListItem | undefined,
  after: RevocationListItem,
) {
  return {
    ...{ tenantId, action: 'put-revocation-list', subject: `cacert/${caCertificateId}` },
    ...(before && { before: summaryOf(before) }),
    after: summaryOf(after),
  }
}

const summaryOf = (list: RevocationListItem) => ({
  number: String(list.number),
  sha256: list.sha256,
  nextUpdate: list.nextUpdate.toISOString(),
  graceSeconds: list.graceSeconds,
  entryCount: list.entryCount,
})
