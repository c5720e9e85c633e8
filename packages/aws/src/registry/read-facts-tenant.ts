import type { FactsQuery } from '@thingpass/core/facts'
import { Fault } from '@thingpass/core/fault'
import type { RoleAlias, TenantId } from '@thingpass/core/names'
import type {
  CaRecord,
  CertificateRecord,
  RoleAliasRecord,
  TenantRecord,
} from '@thingpass/core/records'
import type { IssuerHint } from './issuer-hint.ts'
import { decodeCa } from './items/ca.ts'
import { decodePolicyEdge, type PolicyEdge } from './items/policy-edge.ts'
import { decodeRoleAlias, type RoleAliasItem } from './items/role-alias.ts'
import { decodeTenant } from './items/tenant.ts'
import { caKey, roleAliasKey, tenantKey, thingKey } from './keys.ts'
import { isMeta } from './read-facts-certificate.ts'
import { askForRevocation } from './read-facts-revocation.ts'
import type { Read, RoundReader } from './read-rounds.ts'

/** A role alias with the policy edges beside it. */
export type AliasRows = {
  readonly record: RoleAliasRecord
  readonly policyEdges: readonly PolicyEdge[]
}

/** Asks for what the record will name if the hint is right. */
export function askForHinted(reader: RoundReader, query: FactsQuery, hint: IssuerHint): void {
  const { tenantId, caCertificateId, revocationListKey } = hint
  reader.item(tenantKey(tenantId))
  if (caCertificateId !== undefined) reader.item(caKey(tenantId, caCertificateId))
  if (revocationListKey !== undefined) {
    askForRevocation(reader, revocationListKey, query.serialNumber)
  }
  if (query.thingName !== undefined) reader.item(thingKey(tenantId, query.thingName))
  if (query.roleAlias !== undefined) reader.partition(roleAliasKey(tenantId, query.roleAlias).pk)
}

/** Whether what a hint made us read is what the certificate's record names: the same tenant, and the same CA if one was read. */
export function hintHolds(hint: IssuerHint | undefined, record: CertificateRecord): boolean {
  if (hint?.tenantId !== record.tenantId) return false
  return hint.caCertificateId === undefined || hint.caCertificateId === caIdOf(record)
}

/** The certificate's tenant. */
export function gatherTenant(
  reader: RoundReader,
  { tenantId }: CertificateRecord,
): Read<TenantRecord | undefined> | undefined {
  const item = reader.item(tenantKey(tenantId))
  return item && { value: item.value && decodeTenant(item.value).record }
}

/** The CA that the certificate's record names; none for a certificate that was registered without. */
export function gatherCa(
  reader: RoundReader,
  record: CertificateRecord,
): Read<CaRecord | undefined> | undefined {
  const caCertificateId = caIdOf(record)
  if (caCertificateId === undefined) return { value: undefined }
  const item = reader.item(caKey(record.tenantId, caCertificateId))
  return item && { value: item.value && decodeCa(item.value).record }
}

/**
 * The role alias of the request, in the certificate's tenant.
 * @throws {Fault} REGISTRY_UNREADABLE, REGISTRY_INCONSISTENT
 */
export function gatherAlias(
  reader: RoundReader,
  tenantId: TenantId,
  roleAlias: RoleAlias | undefined,
): Read<AliasRows | undefined> | undefined {
  if (roleAlias === undefined) return { value: undefined }
  const rows = reader.partition(roleAliasKey(tenantId, roleAlias).pk)?.value
  if (rows === undefined) return undefined
  const [meta] = rows.filter(isMeta)
  if (meta === undefined) return { value: undefined }
  const alias = decodeRoleAlias(meta)
  const edges = rows.filter((row) => !isMeta(row)).map((row) => decodePolicyEdge(row, 'target'))
  for (const edge of edges) requireOwn(edge, alias)
  return { value: { record: alias.record, policyEdges: edges } }
}

/** Refuses an edge that an earlier alias of the same name left behind; its tenant is in its key. */
function requireOwn({ target, policyName }: PolicyEdge, alias: RoleAliasItem): void {
  const own = target.kind === 'role-alias' && target.aliasId === alias.aliasId
  if (own) return
  const what = `the edge from role alias ${alias.record.roleAlias} to policy ${policyName}`
  throw new Fault('REGISTRY_INCONSISTENT', `${what} is of another alias`)
}

function caIdOf({ registration }: CertificateRecord) {
  return registration.kind === 'ca' ? registration.caCertificateId : undefined
}
