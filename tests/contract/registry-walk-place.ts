import { parseCertificateId, type TenantId } from '@thingpass/core/names'
import type { RegistryWrites } from '@thingpass/core/registry-writes'
import type { ListInput } from '@thingpass/core/registry-writes/lists'
import * as world from './registry-world.ts'

export const none = new Map<string, string>()

/** A list under test: how something gets into it and out of it, and the names that a part of it has. */
export type Walk = {
  readonly prepare?: (it: Place) => Promise<unknown>
  readonly add: (it: Place, name: string) => Promise<unknown>
  readonly remove: (it: Place, name: string) => Promise<unknown>
  readonly list: (it: Place, page: ListInput) => Promise<unknown>
  /** What of an item is the name that was added; the item itself where there is no such function. */
  readonly nameOf?: (item: never) => string
  /** Where items are not ordered by their names. */
  readonly unordered?: true
}

export type Place = {
  readonly writes: RegistryWrites
  readonly tenantId: TenantId
  readonly certificateId: ReturnType<typeof world.newCertificateId>
}

export const thing = ({ tenantId }: Place, name: string) => ({
  tenantId,
  thingName: world.thingName(name),
})
export const group = ({ tenantId }: Place, name: string) => ({
  tenantId,
  groupName: world.groupName(name),
})
export const addThing = (it: Place, name: string) =>
  it.writes.createThing({ ...thing(it, name), attributes: none })
export const removeThing = (it: Place, name: string) => it.writes.deleteThing(thing(it, name))
export const addGroup = (it: Place, name: string) =>
  it.writes.createThingGroup({ ...group(it, name), attributes: none })
export const removeGroup = (it: Place, name: string) => it.writes.deleteThingGroup(group(it, name))
export const policy = ({ tenantId }: Place, name: string) => ({
  tenantId,
  policyName: world.policyName(name),
})
export const addPolicy = (it: Place, name: string) =>
  it.writes.createPolicy({ ...policy(it, name), document: world.ALLOW })

/** A certificate of each name; the same for the same name of a tenant. */
export function certificateOf(it: Place, name: string) {
  const digits = Buffer.from(`${it.tenantId} ${name}`).toString('hex').padStart(64, '0')
  return { tenantId: it.tenantId, certificateId: parseCertificateId(digits.slice(-64))! }
}

export const nameOfCertificate = ({ certificateId }: { certificateId: string }) =>
  Buffer.from(certificateId, 'hex').toString().slice(-4)
