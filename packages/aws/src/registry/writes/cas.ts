import {
  type CaIdentity,
  type CaWrites,
  MAX_CAS_OF_ONE_SUBJECT,
  type NewCa,
} from '@thingpass/core/registry-writes/cas'
import { flag, instant, number, text } from '../attributes.ts'
import { type CaItem, encodeCa } from '../items/ca.ts'
import { encodeCaOfSubject, encodeOwnCa } from '../items/ca-pointer.ts'
import { encodeCertificateBody } from '../items/certificate-body.ts'
import { caBodyKey, caKey, caOfSubjectKey, ownCaKey, revocationListKey } from '../keys.ts'
import { lowerClaim, raiseClaim, readClaim } from './ca-claims.ts'
import { caReads, readCa, readOwnCa } from './ca-reads.ts'
import { change, nothingToDo, refuse } from './plan.ts'
import { registrationCodeWrites } from './registration-codes.ts'
import { readRevocationList } from './revocation-list-plans.ts'
import { dropTags, putTags } from './tag-items.ts'
import type { Registry } from './transaction.ts'

/** Makes the changes of CAs, and of the codes that they are registered with. */
export function caWrites(registry: Registry): CaWrites {
  return {
    ...registrationCodeWrites(registry),
    ...caReads(registry),
    registerCa: (input) => registry.change(() => planRegistration(registry, input)),
    updateCa: ({ status, autoRegistration, ...identity }) =>
      registry.change(() => planUpdate(registry, identity, { status, autoRegistration })),
    deleteCa: (identity) => registry.change(() => planDeletion(registry, identity)),
  }
}

async function planRegistration(registry: Registry, input: NewCa) {
  const { record } = input
  const wanted = [
    { of: 'key', digest: input.publicKeySha256, tenantId: record.tenantId },
    { of: 'subject', digest: input.subjectSha256, tenantId: record.tenantId },
  ] as const
  const [ca, own, list, ...held] = await Promise.all([
    readCa(registry, record),
    input.own && readOwnCa(registry, record.tenantId),
    readRevocationList(registry, input.publicKeySha256),
    ...wanted.map((claim) => readClaim(registry, claim)),
  ])
  if (ca) return refuse('ca-exists')
  if (held.some((claim) => claim && claim.tenantId !== record.tenantId)) {
    return refuse('ca-of-other-tenant')
  }
  if ((held[1]?.caCount ?? 0) >= MAX_CAS_OF_ONE_SUBJECT) return refuse('too-many-cas-of-subject')
  if (own) return refuse('own-ca-exists')
  const claims = wanted.map((claim, index) => raiseClaim(registry, claim, held[index]))
  // A first list marks the CAs that it finds: it comes before this one is there, or sees it.
  const noList = registry.check(revocationListKey(input.publicKeySha256), { missing: true })
  const written = writeCa(registry, input, { isListed: list !== undefined })
  return change(
    {},
    { ...written, writes: [...written.writes, ...claims, ...(list ? [] : [noList])] },
  )
}

function writeCa(registry: Registry, input: NewCa, { isListed }: { readonly isListed: boolean }) {
  const { record, certificateMode, autoRegistration, pem } = input
  const now = registry.now()
  const generationId = registry.newId()
  const item = encodeCa({
    record: { ...record, ...(isListed && { revocationListKey: input.publicKeySha256 }) },
    certificateMode,
    autoRegistration,
    generationId,
    version: 1,
    own: input.own ?? false,
    claims: { key: input.publicKeySha256, subject: input.subjectSha256 },
    createdAt: now,
    modifiedAt: now,
  })
  const bodyKey = caBodyKey(record.tenantId, record.caCertificateId)
  return {
    writes: [
      registry.put(item), // its claims hold back another writer
      ...(pem === undefined ? [] : [registry.put(encodeCertificateBody(bodyKey, pem))]),
      registry.put(encodeCaOfSubject({ ...identityOf(record), digest: input.subjectSha256 })),
      ...putTags(registry, { key: caKeyOf(record), ownerId: generationId }, input.tags),
      ...(input.own ? [registry.put(encodeOwnCa(identityOf(record)), { missing: true })] : []),
    ],
    audit: {
      ...auditOf(record, 'register-ca'),
      after: { status: record.status, certificateMode, autoRegistration },
    },
  }
}

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
    {
      set: {
        ...attributes(after),
        version: number(ca.version + 1),
        modifiedAt: instant(registry.now()),
      },
    },
    { equal: { ...attributes(before), version: number(ca.version) } },
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
        registry.remove(caKey(tenantId, caCertificateId), {
          equal: { status: text('INACTIVE'), generationId: text(ca.generationId) },
        }),
        registry.drop(caBodyKey(tenantId, caCertificateId)),
        dropTags(registry, caKeyOf(identity)),
        registry.drop(caOfSubjectKey(ca.claims.subject, caCertificateId)),
        ...(ca.own ? [registry.drop(ownCaKey(tenantId))] : []),
        ...own.map((claim) => lowerClaim(registry, claim)),
      ],
      audit: { ...auditOf(identity, 'delete-ca'), before: { status: ca.record.status } },
    },
  )
}

const caKeyOf = ({ tenantId, caCertificateId }: CaIdentity) => caKey(tenantId, caCertificateId)

const identityOf = ({ tenantId, caCertificateId }: CaIdentity): CaIdentity => ({
  tenantId,
  caCertificateId,
})

const auditOf = ({ tenantId, caCertificateId }: CaIdentity, action: string) => ({
  tenantId,
  action,
  subject: `cacert/${caCertificateId}`,
})
