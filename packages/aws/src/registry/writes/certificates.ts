import { Fault } from '@thingpass/core/fault'
import type { CertificateRecord } from '@thingpass/core/records'
import type {
  CertificateIdentity,
  CertificateWrites,
} from '@thingpass/core/registry-writes/certificates'
import { instant, number, text } from '../attributes.ts'
import type { CaItem } from '../items/ca.ts'
import { encodeCaCertificate } from '../items/ca-certificate.ts'
import { type CertificateItem, decodeCertificate, encodeCertificate } from '../items/certificate.ts'
import { encodeCertificateBody } from '../items/certificate-body.ts'
import { caCertificateKey, certificateBodyKey, certificateKey } from '../keys.ts'
import { readCa } from './ca-reads.ts'
import { certificateReads, readCertificate } from './certificate-reads.ts'
import { change, nothingToDo, refuse } from './plan.ts'
import { readPolicyEdges, removePolicyEdge } from './policy-edges.ts'
import { readRevocationList } from './revocation-list-plans.ts'
import { isRevokedIn } from './revocation-shards.ts'
import type { Registry } from './transaction.ts'

type Registering = Parameters<CertificateWrites['registerCertificate']>[0]

/** Makes the changes of device certificates. */
export function certificateWrites(registry: Registry): CertificateWrites {
  return {
    ...certificateReads(registry),
    registerCertificate: (input) => registry.change(() => planRegistration(registry, input)),
    updateCertificateStatus: (input) => registry.change(() => planStatus(registry, input)),
    deleteCertificate: (input) => registry.change(() => planDeletion(registry, input)),
  }
}

/**
 * The CA is read and not held by the transaction: every registration of a fleet would contend for it, and a certificate
 * whose CA went away in that moment is refused when it is used.
 */
async function planRegistration(registry: Registry, input: Registering) {
  const { tenantId, certificateId, registration } = input
  const there = await registry.get(certificateKey(certificateId))
  if (there) {
    const own = decodeCertificate(there).record.tenantId === tenantId
    return refuse(own ? 'certificate-exists' : 'certificate-of-other-tenant')
  }
  const ca = await readCaOf(registry, input)
  if (registration.kind === 'ca' && !ca) return refuse('ca-unknown')
  const refusal = ca && (await refuseCa(registry, ca, input.serialNumber))
  if (refusal) return refusal
  const registrationId = registry.newId()
  const record = { certificateId, tenantId, registrationId, status: input.status, registration }
  const issuer = ca && { issuerKeySha256: ca.claims.key }
  const certificateMode = ca?.certificateMode ?? 'SNI_ONLY'
  const written = writeCertificate(registry, { record, certificateMode, ...issuer }, input.pem)
  return change({ registrationId }, written)
}

async function readCaOf(registry: Registry, { tenantId, registration }: Registering) {
  if (registration.kind === 'without-ca') return undefined
  return readCa(registry, { tenantId, caCertificateId: registration.caCertificateId })
}

/** A list that comes into force after this look refuses the certificate when it is used. */
async function refuseCa(
  registry: Registry,
  { record, claims }: CaItem,
  serialNumber: string | undefined,
) {
  if (record.status !== 'ACTIVE') return refuse('ca-inactive')
  if (record.revocationListKey === undefined || serialNumber === undefined) return undefined
  const list = await readRevocationList(registry, claims.key)
  const revoked = list !== undefined && (await isRevokedIn(registry, list, serialNumber))
  return revoked ? refuse('certificate-revoked-by-ca') : undefined
}

function writeCertificate(
  registry: Registry,
  { record, ...settings }: Pick<CertificateItem, 'record' | 'certificateMode' | 'issuerKeySha256'>,
  pem: string | undefined,
) {
  const now = registry.now()
  const item = encodeCertificate({
    record,
    ...settings,
    version: 1,
    thingCount: 0,
    policyCount: 0,
    createdAt: now,
    modifiedAt: now,
  })
  const bodyKey = certificateBodyKey(record.certificateId)
  return {
    writes: [
      registry.put(item, { missing: true }),
      ...(pem === undefined ? [] : [registry.put(encodeCertificateBody(bodyKey, pem))]),
      ...caRows(record).map((row) =>
        registry.put(encodeCaCertificate({ ...row, registeredAt: now })),
      ),
    ],
    audit: {
      ...auditOf(record, 'register-certificate'),
      after: { status: record.status, registration: record.registration.kind },
    },
  }
}

/** The row of the certificate's CA, by its ids; none for a certificate without one. */
function caRows({ registration, tenantId, certificateId }: CertificateRecord) {
  if (registration.kind !== 'ca') return []
  return [{ tenantId, caCertificateId: registration.caCertificateId, certificateId }]
}

async function planStatus(
  registry: Registry,
  input: CertificateIdentity & { readonly status: CertificateRecord['status'] },
) {
  const certificate = await readCertificate(registry, input)
  if (!certificate) return refuse('certificate-unknown')
  const { status, registrationId } = certificate.record
  if (status === input.status) return nothingToDo({ changed: false })
  const update = registry.update(
    certificateKey(input.certificateId),
    {
      set: { status: text(input.status), modifiedAt: instant(registry.now()) },
      add: { version: 1 },
    },
    { equal: { registrationId: text(registrationId), status: text(status) } },
  )
  const audit = {
    ...auditOf(input, 'update-certificate'),
    before: { status },
    after: { status: input.status },
  }
  return change({ changed: true }, { writes: [update], audit })
}

async function planDeletion(
  registry: Registry,
  input: CertificateIdentity & { readonly force?: boolean },
) {
  const certificate = await readCertificate(registry, input)
  if (!certificate) return refuse('certificate-unknown')
  const { record, thingCount } = certificate
  if (record.status === 'ACTIVE') return refuse('certificate-active')
  if (thingCount > 0) return refuse('things-attached')
  const edges = await readPolicyEdges(registry, certificateKey(record.certificateId).pk)
  const held = edges.length > 0 && input.force !== true
  if (held) return refuse('policies-attached')
  if (
    edges.some(
      ({ target }) =>
        target.kind !== 'certificate' || target.registrationId !== record.registrationId,
    )
  ) {
    throw new Fault(
      'REGISTRY_INCONSISTENT',
      `policy edge of an earlier registration at ${record.certificateId}`,
    )
  }
  const unchanged = {
    registrationId: text(record.registrationId),
    status: text(record.status),
    thingCount: number(0),
    policyCount: number(edges.length),
  }
  return change(
    {},
    {
      writes: [
        registry.remove(certificateKey(record.certificateId), { equal: unchanged }),
        registry.drop(certificateBodyKey(record.certificateId)),
        ...caRows(record).map((row) =>
          registry.drop(caCertificateKey(row.tenantId, row.caCertificateId, row.certificateId)),
        ),
        ...edges.flatMap((edge) => removePolicyEdge(registry, edge)),
      ],
      audit: {
        ...auditOf(record, 'delete-certificate'),
        before: {
          registrationId: record.registrationId,
          status: record.status,
          policies: edges.map(({ policyName }) => policyName).join(' '),
        },
      },
    },
  )
}

const auditOf = ({ tenantId, certificateId }: CertificateIdentity, action: string) => ({
  tenantId,
  action,
  subject: `cert/${certificateId}`,
})
