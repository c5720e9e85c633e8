import type { CertificateFacts } from '../certificate-facts.ts'
import type { TenantId } from '../names.ts'
import type { ThingRecord } from '../records.ts'
import { certificateEntries } from './certificate-entries.ts'
import { type ContextValue, createRequestContext, type RequestContext } from './request-context.ts'

/** A device at the credentials endpoint, or at an API that the authorizer guards. */
export type DeviceCircumstances = {
  readonly certificate: CertificateFacts
  /** The thing that the request acts for; absent = no thing variable exists. */
  readonly thing?: { readonly record: ThingRecord; readonly attached: boolean }
  readonly tenantId: TenantId
  /** Host that the device connected to, lower-case, without port. */
  readonly hostName: string
  /** Textual IPv4 or IPv6 address. */
  readonly sourceIp: string
  readonly now: Date
}

type Entry = readonly [key: string, value: ContextValue]

/**
 * Makes the condition keys of a device's request. `iot:ClientId` stays unset: there is no MQTT connection.
 * Source: AWS IoT Developer Guide, basic-policy-variables, thing-policy-variables, cert-policy-variables,
 * authorizing-direct-aws; the `credentials-iot:` keys are those of the role's side.
 */
export function deviceContext(device: DeviceCircumstances): RequestContext {
  const { certificate, thing } = device
  return createRequestContext([
    ['iot:CertificateId', certificate.certificateId],
    ['credentials-iot:AwsCertificateId', certificate.certificateId],
    ['thingpass:TenantId', device.tenantId],
    ...connectionEntries(device),
    ...certificateEntries(certificate),
    ...(thing === undefined ? [] : thingEntries(thing.record, thing.attached)),
  ])
}

const MILLISECONDS_PER_SECOND = 1000
const IPV4_IN_IPV6 = /^::ffff:(?=\d+\.)/i

function connectionEntries({ hostName, sourceIp, now }: DeviceCircumstances): readonly Entry[] {
  return [
    ['iot:DomainName', hostName],
    // A dual-stack socket shows an IPv4 peer as ::ffff:192.0.2.1, which no IPv4 range of a Deny would contain.
    ['aws:SourceIp', sourceIp.replace(IPV4_IN_IPV6, '')],
    ['aws:CurrentTime', now.toISOString()],
    ['aws:EpochTime', String(Math.floor(now.getTime() / MILLISECONDS_PER_SECOND))],
    ['aws:SecureTransport', 'true'],
  ]
}

/** A thing that is not attached has no variable but `IsAttached`. */
function thingEntries(record: ThingRecord, attached: boolean): readonly Entry[] {
  const isAttached: Entry = ['iot:Connection.Thing.IsAttached', String(attached)]
  if (!attached) return [isAttached]
  const { thingName, thingTypeName, attributes } = record
  return [
    isAttached,
    ['iot:Connection.Thing.ThingName', thingName],
    ['credentials-iot:ThingName', thingName],
    ...(thingTypeName === undefined ? [] : typeEntries(thingTypeName)),
    ...Array.from(
      attributes,
      ([name, value]): Entry => [`iot:Connection.Thing.Attributes[${name}]`, value],
    ),
  ]
}

function typeEntries(thingTypeName: string): readonly Entry[] {
  return [
    ['iot:Connection.Thing.ThingTypeName', thingTypeName],
    ['credentials-iot:ThingTypeName', thingTypeName],
  ]
}
