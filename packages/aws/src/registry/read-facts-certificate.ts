import type { FactsQuery } from '@thingpass/core/facts'
import { Fault } from '@thingpass/core/fault'
import type { CertificateId } from '@thingpass/core/names'
import type { CertificateRecord } from '@thingpass/core/records'
import type { Item } from './attributes.ts'
import { decodeCertificate } from './items/certificate.ts'
import { decodePolicyEdge, type PolicyEdge } from './items/policy-edge.ts'
import { certificateKey, certificateThingKey, META } from './keys.ts'
import type { RoundReader } from './read-rounds.ts'

/** A certificate's record, and the policy edges beside it that are its own. */
export type CertificateRows = {
  readonly record: CertificateRecord
  readonly policyEdges: readonly PolicyEdge[]
  /** As in `CertificateItem`. */
  readonly issuerKeySha256: string | undefined
}

/** Asks for what is known by the certificate's id alone: its partition, and its edge to the thing of the header. */
export function askForCertificate(reader: RoundReader, query: FactsQuery): void {
  reader.partition(certificateKey(query.certificateId).pk)
  if (query.thingName !== undefined) {
    reader.item(certificateThingKey(query.certificateId, query.thingName))
  }
}

/**
 * Reads the certificate's partition as it was read; `undefined` without a record, whatever edges are there.
 * @throws {Fault} REGISTRY_UNREADABLE, REGISTRY_INCONSISTENT
 */
export function certificateRows(
  reader: RoundReader,
  certificateId: CertificateId,
): CertificateRows | undefined {
  const rows = reader.partition(certificateKey(certificateId).pk)?.value ?? []
  const [meta] = rows.filter(isMeta)
  if (meta === undefined) return undefined
  const { record, issuerKeySha256 } = decodeCertificate(meta)
  const edges = rows.filter((row) => !isMeta(row)).map((row) => decodePolicyEdge(row, 'target'))
  for (const edge of edges) requireOwn(edge, record)
  return { record, policyEdges: edges, issuerKeySha256 }
}

/** Whether a row is the partition's record, and not an edge. */
export const isMeta = (row: Item): boolean => row.sk?.S === META

function requireOwn({ target, tenantId, policyName }: PolicyEdge, record: CertificateRecord): void {
  const registrationId = target.kind === 'certificate' ? target.registrationId : undefined
  requireLiveEdge({ tenantId, registrationId }, record, `policy ${policyName}`)
}

/**
 * Refuses an edge that another tenant or an earlier registration of the same certificate left behind.
 * @throws {Fault} REGISTRY_INCONSISTENT
 */
export function requireLiveEdge(
  edge: { readonly tenantId: string; readonly registrationId: string | undefined },
  record: CertificateRecord,
  to: string,
): void {
  const live = edge.tenantId === record.tenantId && edge.registrationId === record.registrationId
  if (live) return
  const what = `the edge from certificate ${record.certificateId} to ${to}`
  throw new Fault('REGISTRY_INCONSISTENT', `${what} is of another tenant or registration`)
}
