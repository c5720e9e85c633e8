import { Fault } from '@thingpass/core/fault'
import type { ThingName } from '@thingpass/core/names'
import type { CertificateRecord, TenantRecord, ThingRecord } from '@thingpass/core/records'
import { decodeThing, type Membership } from './items/thing.ts'
import { decodeThingEdge } from './items/thing-edge.ts'
import { certificateThingKey, thingKey } from './keys.ts'
import { requireLiveEdge } from './read-facts-certificate.ts'
import type { Read, RoundReader } from './read-rounds.ts'

/** The thing of a request; its groups count only where it is attached. */
export type GatheredThing = {
  readonly record: ThingRecord
  readonly attached: boolean
  /** Empty unless attached. */
  readonly memberships: readonly Membership[]
}

/** Which thing to gather: the header's, else what the tenant's `defaultThing` says. */
export type ThingQuestion = {
  readonly certificate: CertificateRecord
  /** Absent while it has not been read. */
  readonly tenant: Read<TenantRecord | undefined> | undefined
  readonly thingName: ThingName | undefined
}

/**
 * The thing of a request.
 * @throws {Fault} REGISTRY_UNREADABLE, REGISTRY_INCONSISTENT
 */
export function gatherThing(
  reader: RoundReader,
  question: ThingQuestion,
): Read<GatheredThing | undefined> | undefined {
  const { certificate } = question
  const thingName = question.thingName ?? defaultThing(question)
  if (thingName === undefined) return { value: undefined }
  const edgeItem = reader.item(certificateThingKey(certificate.certificateId, thingName))
  const thingItem = reader.item(thingKey(certificate.tenantId, thingName))
  if (edgeItem === undefined || thingItem === undefined) return undefined
  const edge = edgeItem.value && decodeThingEdge(edgeItem.value, 'certificate')
  const thing = thingItem.value && decodeThing(thingItem.value)
  if (edge === undefined) return { value: thing && { ...thing, attached: false, memberships: [] } }
  requireLiveEdge(edge, certificate, `thing ${thingName}`)
  if (thing?.record.thingId !== edge.thingId) {
    throw new Fault('REGISTRY_INCONSISTENT', `an edge leads to no thing, or another, ${thingName}`)
  }
  return { value: { ...thing, attached: true } }
}

/**
 * The exclusive thing, where the tenant takes it for the default. While the tenant is unread it is asked for as well, to
 * save a round; it is not reported before the tenant's word is there.
 */
function defaultThing({ certificate, tenant }: ThingQuestion): ThingName | undefined {
  const wanted = tenant === undefined || tenant.value?.defaultThing === 'exclusive'
  return wanted ? certificate.exclusiveThing : undefined
}
