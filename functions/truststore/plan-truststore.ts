import type { CaCertificateId, TenantId } from '@thingpass/core/names'
import type { CaFacts, TruststoreCa } from './truststore-ca.ts'

/** Why a registered CA is left out of the truststore: closed, never renamed. */
export type TruststoreRefusal =
  /** None is stored, or it cannot be read. */
  | 'certificate-missing'
  | 'not-in-force'
  /** Another CA, registered before it, has the same subject name: which of the two API Gateway would verify with is unknown. */
  | 'subject-taken'
  /** It is no root, and the CA that signed it is not in the truststore. */
  | 'chain-incomplete'
  | 'chain-too-long'
  | 'truststore-full'

/** A CA that is left out. */
export type RefusedCa = {
  readonly caCertificateId: CaCertificateId
  readonly tenantId: TenantId
  readonly reason: TruststoreRefusal
}

/** A whole truststore: never a change to one. */
export type TruststorePlan = {
  readonly pem: string
  /** Without the seed. */
  readonly cas: readonly InTruststore[]
  readonly refused: readonly RefusedCa[]
}

/** A CA that has a certificate. */
export type InTruststore = TruststoreCa & { readonly certificate: CaFacts }

/** The bounds of a truststore. Source: quoted for API Gateway; the current pages do not say. */
export type TruststoreLimits = { readonly certificates: number; readonly bytes: number }
export const TRUSTSTORE_LIMITS: TruststoreLimits = Object.freeze({
  certificates: 1000,
  bytes: 1_000_000,
})

/** A chain has four certificates at most; the device's is taken to be one of them. Source: API Gateway Developer Guide, mutual TLS. */
const MOST_CAS_OF_CHAIN = 3

/**
 * Plans the truststore of a deployment from all its CAs. Pure. Whoever was registered first goes first, so that nobody who comes later can push out
 * a CA whose devices are in the field. With no CA, the seed alone lets nobody in.
 */
export function planTruststore({
  cas,
  seedPem,
  now,
  limits = TRUSTSTORE_LIMITS,
}: {
  readonly cas: readonly TruststoreCa[]
  readonly seedPem: string
  readonly now: Date
  readonly limits?: TruststoreLimits
}): TruststorePlan {
  const refused: RefusedCa[] = []
  const refuse = (ca: TruststoreCa, reason: TruststoreRefusal): undefined => {
    refused.push({ caCertificateId: ca.caCertificateId, tenantId: ca.tenantId, reason })
  }
  const bySubject = firstOfEachSubject(cas, now, refuse)
  const included = new Map<CaCertificateId, InTruststore>()
  let bytes = 0
  for (const ca of bySubject.values()) {
    const chain = chainOf(ca, bySubject)
    if (typeof chain === 'string') {
      refuse(ca, chain)
      continue
    }
    const missing = chain.filter((link) => !included.has(link.caCertificateId))
    const grown = missing.reduce((sum, link) => sum + link.certificate.pem.length, bytes)
    const fits = included.size + missing.length <= limits.certificates && grown <= limits.bytes
    if (!fits) {
      refuse(ca, 'truststore-full')
      continue
    }
    for (const link of missing) included.set(link.caCertificateId, link)
    bytes = grown
  }
  return {
    pem: renderTruststore([...included.values()], seedPem),
    cas: [...included.values()],
    refused,
  }
}

type Refuse = (ca: TruststoreCa, reason: TruststoreRefusal) => undefined

function firstOfEachSubject(
  cas: readonly TruststoreCa[],
  now: Date,
  refuse: Refuse,
): ReadonlyMap<string, InTruststore> {
  const bySubject = new Map<string, InTruststore>()
  for (const ca of cas.toSorted(byRegistration)) {
    const { certificate } = ca
    if (certificate === undefined) refuse(ca, 'certificate-missing')
    else if (!isInForce(certificate, now)) refuse(ca, 'not-in-force')
    else if (bySubject.has(certificate.subject)) refuse(ca, 'subject-taken')
    else bySubject.set(certificate.subject, { ...ca, certificate })
  }
  return bySubject
}

const byRegistration = (a: TruststoreCa, b: TruststoreCa): number =>
  a.registeredAt.getTime() - b.registeredAt.getTime() ||
  (a.caCertificateId < b.caCertificateId ? -1 : 1)

const isInForce = ({ notBefore, notAfter }: CaFacts, now: Date): boolean =>
  notBefore <= now && now < notAfter

/** The CA and those above it, up to a root; by signature as much as by name. */
function chainOf(
  ca: InTruststore,
  bySubject: ReadonlyMap<string, InTruststore>,
): readonly InTruststore[] | 'chain-incomplete' | 'chain-too-long' {
  const chain = [ca]
  for (let link = ca; !isRoot(link); ) {
    const issuer = bySubject.get(link.certificate.issuer)
    const signed = issuer !== undefined && link.certificate.isSignedBy(issuer.certificate.publicKey)
    if (!signed) return 'chain-incomplete'
    if (chain.length >= MOST_CAS_OF_CHAIN) return 'chain-too-long'
    chain.push(issuer)
    link = issuer
  }
  return chain
}

const isRoot = ({ certificate }: InTruststore): boolean =>
  certificate.subject === certificate.issuer && certificate.isSignedBy(certificate.publicKey)

/** By id, so that equal CAs make equal text. */
function renderTruststore(cas: readonly InTruststore[], seedPem: string): string {
  if (cas.length === 0) return seedPem
  const ordered = cas.toSorted((a, b) => (a.caCertificateId < b.caCertificateId ? -1 : 1))
  return ordered.map(({ certificate }) => certificate.pem).join('')
}
