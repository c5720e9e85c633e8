import {
  type CertificateId,
  parseCertificateId,
  parseTenantId,
  parseThingName,
  type TenantId,
  type ThingName,
} from '@thingpass/core/names'
import { flag, type Item, instant, openItem, text } from '../attributes.ts'
import { certificateThingKey, type ItemKey, thingCertificateKey } from '../keys.ts'
import { parseMadeId } from './made-id.ts'

/** Attachment of a certificate to a thing. It counts only while all four ids are those of the live records. */
export type ThingEdge = {
  readonly certificateId: CertificateId
  readonly tenantId: TenantId
  readonly registrationId: string
  readonly thingName: ThingName
  readonly thingId: string
  readonly exclusive: boolean
  readonly attachedAt: Date
}

/** Which end the item lies at: the certificate's partition is what requests read, the thing's is for lists. */
export type ThingEdgeEnd = 'certificate' | 'thing'

const KINDS = { certificate: 'certificate-thing', thing: 'thing-certificate' } as const

const keyOf = (
  edge: Pick<ThingEdge, 'tenantId' | 'certificateId' | 'thingName'>,
  end: ThingEdgeEnd,
): ItemKey =>
  end === 'certificate'
    ? certificateThingKey(edge.certificateId, edge.thingName)
    : thingCertificateKey(edge.tenantId, edge.thingName, edge.certificateId)

/** Writes an attachment as the item of one end. */
export function encodeThingEdge(edge: ThingEdge, end: ThingEdgeEnd): Item {
  const { pk, sk } = keyOf(edge, end)
  return {
    pk: text(pk),
    sk: text(sk),
    kind: text(KINDS[end]),
    certificateId: text(edge.certificateId),
    tenantId: text(edge.tenantId),
    registrationId: text(edge.registrationId),
    thingName: text(edge.thingName),
    thingId: text(edge.thingId),
    exclusive: flag(edge.exclusive),
    attachedAt: instant(edge.attachedAt),
  }
}

/**
 * Reads an attachment from the item of one end.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodeThingEdge(item: Item, end: ThingEdgeEnd): ThingEdge {
  const read = openItem(item, KINDS[end])
  const edge = {
    certificateId: read.parsed('certificateId', parseCertificateId),
    tenantId: read.parsed('tenantId', parseTenantId),
    registrationId: read.parsed('registrationId', parseMadeId),
    thingName: read.parsed('thingName', parseThingName),
    thingId: read.parsed('thingId', parseMadeId),
    exclusive: read.flag('exclusive'),
    attachedAt: read.instant('attachedAt'),
  }
  read.liesAt(keyOf(edge, end))
  return edge
}
