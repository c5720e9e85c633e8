import type { DeviceCertificate } from '@thingpass/core/certificate-facts'
import type { Clock } from '@thingpass/core/ports'
import type { CertificateRefusal } from '@thingpass/core/refusal'
import type { ThingHeader } from '@thingpass/core/request'
import type { Journal } from '../credentials/journal.ts'
import type { DeviceRequest } from '../front-door/device-request.ts'

/** Parses what the TLS layer proved possession of: exactly one certificate, or the reason it is refused. */
export type IdentifyCertificate = (
  presented: string,
) =>
  | { readonly ok: true; readonly certificate: DeviceCertificate }
  | { readonly ok: false; readonly reason: CertificateRefusal }

/** What it takes to identify a device. */
export type IdentifyPorts = {
  readonly identifyCertificate: IdentifyCertificate
  readonly clock: Clock
  readonly settings: {
    /** Host names that requests may address, lower-case; any other is refused. */
    readonly hostNames: readonly string[]
    /** Milliseconds within which everything outside must have answered. */
    readonly deadlineMilliseconds: number
  }
}

/** A device whose certificate was parsed, with the thing it names and the end of its time. Nothing is known of it yet. */
export type PresentedDevice = {
  readonly certificate: DeviceCertificate
  readonly thingHeader: ThingHeader
  readonly deadline: Date
}

/** Whether the host is one of this deployment's; only then it is noted, any other is the caller's own text. */
export function servesHost(
  { settings }: Pick<IdentifyPorts, 'settings'>,
  hostName: string,
  journal: Journal,
): boolean {
  const served = settings.hostNames.includes(hostName)
  if (served) journal.note({ hostName })
  return served
}

/** Identifies the device of a request by the one certificate that it presented, and by nothing else. */
export function identifyDevice(
  ports: IdentifyPorts,
  { thingHeader, presented }: Pick<DeviceRequest, 'thingHeader' | 'presented'>,
  journal: Journal,
): PresentedDevice | { readonly kind: 'refused'; readonly reason: CertificateRefusal } {
  if (thingHeader.kind === 'named') journal.note({ thingName: thingHeader.thingName })
  if (presented === undefined) return { kind: 'refused', reason: 'certificate-missing' }
  if (typeof presented !== 'string') return { kind: 'refused', reason: presented.refused }
  const identified = ports.identifyCertificate(presented)
  if (!identified.ok) return { kind: 'refused', reason: identified.reason }
  const { certificate } = identified
  journal.note({ certificateId: certificate.facts.certificateId })
  const deadline = new Date(ports.clock().getTime() + ports.settings.deadlineMilliseconds)
  return { certificate, thingHeader, deadline }
}
