import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import {
  type CaIdentity,
  type CaWrites,
  MAX_CAS_OF_ONE_SUBJECT,
  type NewCa,
} from '@thingpass/core/registry-writes/cas'
import { flag, instant, number, text } from '../attributes.ts'
import { type CaItem, decodeCa, encodeCa } from '../items/ca.ts'
import { type CaClaim, decodeCaClaim, encodeCaClaim } from '../items/ca-claim.ts'
import { decodeCertificateBody, encodeCertificateBody } from '../items/certificate-body.ts'
import { caBodyKey, caClaimKey, caKey } from '../keys.ts'
import { change, nothingToDo, refuse } from './plan.ts'
import type { Registry } from './transaction.ts'

/** Makes the changes of CAs. */
export function caWrites(registry: Registry): CaWrites {
  return {
    registerCa: (input) => registry.change(() => planRegistration(registry, input)),
    getCa: (identity) => describeCa(registry, identity),
    updateCa: ({ status, autoRegistration, ...identity }) =>
      registry.change(() => planUpdate(registry, identity, { status, autoRegistration })),
    deleteCa: (identity) => registry.change(() => planDeletion(registry, identity)),
  }
}

/** Reads a CA of a tenant. */
export async function readCa(
  registry: Registry,
  identity: CaIdentity,
): Promise<CaItem | undefined> {
  const item = await registry.get(caKey(identity.tenantId, identity.caCertificateId))
  return item && decodeCa(item)
}

async function describeCa(registry: Registry, identity: CaIdentity) {
  const bodyKey = caBodyKey(identity.tenantId, identity.caCertificateId)
  const [ca, body] = await Promise.all([readCa(registry, identity), registry.get(bodyKey)])
  if (!ca) return undefined
  const { claims: _claims, ...description } = ca
  return { ...description, ...(body && { pem: decodeCertificateBody(body, bodyKey) }) }
}

async function planRegistration(registry: Registry, input: NewCa) {
  const { record } = input
  const wanted = [
    { of: 'key', digest: input.publicKeySha256, tenantId: record.tenantId },
    { of: 'subject', digest: input.subjectSha256, tenantId: record.tenantId },
  ] as const
  const [ca, ...held] = await Promise.all([
    readCa(registry, record),
    ...wanted.map((claim) => readClaim(registry, claim)),
  ])
  if (ca) return refuse('ca-exists')
  if (held.some((claim) => claim && claim.tenantId !== record.tenantId)) {
    return refuse('ca-of-other-tenant')
  }
  if ((held[1]?.caCount ?? 0) >= MAX_CAS_OF_ONE_SUBJECT) return refuse('too-many-cas-of-subject')
  const claims = wanted.map((claim, index) => raiseClaim(registry, claim, held[index]))
  return change({}, writeCa(registry, input, claims))
}

function writeCa(registry: Registry, input: NewCa, claims: readonly TransactWriteItem[]) {
  const { record, certificateMode, autoRegistration, pem } = input
  const now = registry.now()
  const item = encodeCa({
    record,
    certificateMode,
    autoRegistration,
    claims: { key: input.publicKeySha256, subject: input.subjectSha256 },
    createdAt: now,
    modifiedAt: now,
  })
  const bodyKey = caBodyKey(record.tenantId, record.caCertificateId)
  return {
    writes: [
      registry.put(item), // its claims hold back another writer
      ...(pem === undefined ? [] : [registry.put(encodeCertificateBody(bodyKey, pem))]),
      ...claims,
    ],
    audit: {
      ...auditOf(record, 'register-ca'),
      after: { status: record.status, certificateMode, autoRegistration },
    },
  }
}

async function readClaim(
  registry: Registry,
  { of, digest }: Pick<CaClaim, 'of' | 'digest'>,
): Promise<CaClaim | undefined> {
  const item = await registry.get(caClaimKey(of, digest))
  return item && decodeCaClaim(item)
}

const raiseClaim = (
  registry: Registry,
  claim: Omit<CaClaim, 'caCount'>,
  held: CaClaim | undefined,
): TransactWriteItem =>
  held
    ? registry.put(encodeCaClaim({ ...held, caCount: held.caCount + 1 }), asRead(held))
    : registry.put(encodeCaClaim({ ...claim, caCount: 1 }), { missing: true })

const lowerClaim = (registry: Registry, held: CaClaim): TransactWriteItem =>
  held.caCount > 1
    ? registry.put(encodeCaClaim({ ...held, caCount: held.caCount - 1 }), asRead(held))
    : registry.remove(caClaimKey(held.of, held.digest), asRead(held))

const asRead = (claim: CaClaim) => ({
  equal: { tenantId: text(claim.tenantId), caCount: number(claim.caCount) },
})

async function planUpdate(
  registry: Registry,
  identity: CaIdentity,
  wanted: {
    readonly status: CaItem['record']['status'] | undefined
    readonly autoRegistration: boolean | undefined
  },
) {
  const ca = await readCa(registry, identity)
  if (!ca) return refuse('ca-unknown')
  const before = { status: ca.record.status, autoRegistration: ca.autoRegistration }
  const after = {
    status: wanted.status ?? before.status,
    autoRegistration: wanted.autoRegistration ?? before.autoRegistration,
  }
  const same = after.status === before.status && after.autoRegistration === before.autoRegistration
  if (same) return nothingToDo({ changed: false })
  const attributes = (state: typeof before) => ({
    status: text(state.status),
    autoRegistration: flag(state.autoRegistration),
  })
  const update = registry.update(
    caKey(identity.tenantId, identity.caCertificateId),
    { set: { ...attributes(after), modifiedAt: instant(registry.now()) } },
    { equal: attributes(before) },
  )
  const audit = { ...auditOf(identity, 'update-ca'), before, after }
  return change({ changed: true }, { writes: [update], audit })
}

async function planDeletion(registry: Registry, identity: CaIdentity) {
  const ca = await readCa(registry, identity)
  if (!ca) return refuse('ca-unknown')
  if (ca.record.status !== 'INACTIVE') return refuse('ca-active')
  const { tenantId, caCertificateId } = identity
  const held = await Promise.all([
    readClaim(registry, { of: 'key', digest: ca.claims.key }),
    readClaim(registry, { of: 'subject', digest: ca.claims.subject }),
  ])
  const own = held.filter((claim) => claim !== undefined)
  return change(
    {},
    {
      writes: [
        registry.remove(caKey(tenantId, caCertificateId), { equal: { status: text('INACTIVE') } }),
        registry.drop(caBodyKey(tenantId, caCertificateId)),
        ...own.map((claim) => lowerClaim(registry, claim)),
      ],
      audit: { ...auditOf(identity, 'delete-ca'), before: { status: ca.record.status } },
    },
  )
}

const auditOf = ({ tenantId, caCertificateId }: CaIdentity, action: string) => ({
  tenantId,
  action,
  subject: `cacert/${caCertificateId}`,
})
