import type { CaWrites } from './registry-writes/cas.ts'
import type { CertificateWrites } from './registry-writes/certificates.ts'
import type { RegistryLists } from './registry-writes/lists.ts'
import type { PolicyWrites } from './registry-writes/policies.ts'
import type { PolicyAttachmentWrites } from './registry-writes/policy-attachments.ts'
import type { RevocationListWrites } from './registry-writes/revocation-lists.ts'
import type { RoleAliasWrites } from './registry-writes/role-aliases.ts'
import type { TagWrites } from './registry-writes/tags.ts'
import type { TenantWrites } from './registry-writes/tenants.ts'
import type { ThingGroupWrites } from './registry-writes/thing-groups.ts'
import type { ThingPrincipalWrites } from './registry-writes/thing-principals.ts'
import type { ThingWrites } from './registry-writes/things.ts'

/**
 * All changes of the registry, and its lists. Each change is one transaction, with a record of who changed what;
 * afterwards no edge leads nowhere and no other writer's change is lost. What another tenant owns is unknown.
 * @throws {Fault} REGISTRY_THROTTLED (also: other writers were in the way too often), REGISTRY_TIMEOUT, REGISTRY_UNAVAILABLE, REGISTRY_REFUSED, REGISTRY_UNREADABLE, REGISTRY_INCONSISTENT
 */
export type RegistryWrites = TenantWrites &
  CaWrites &
  RevocationListWrites &
  ThingWrites &
  ThingGroupWrites &
  CertificateWrites &
  ThingPrincipalWrites &
  PolicyWrites &
  PolicyAttachmentWrites &
  RoleAliasWrites &
  TagWrites &
  RegistryLists
