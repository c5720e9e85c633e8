import type { RoleAlias } from '@thingpass/core/names'
import type { CertificateRefusal } from '@thingpass/core/refusal'
import type { ThingHeader } from '@thingpass/core/request'

/** What a request asks for, once its method and path were read. `alias` is absent when it is outside the grammar. */
export type Route =
  | { readonly kind: 'credentials'; readonly roleAlias: RoleAlias | undefined }
  | {
      readonly kind: 'refused'
      readonly reason: 'path-unknown' | 'method-not-allowed' | 'request-malformed'
    }

/** What stood where a certificate should stand, and is no single one. */
export type UnusableCertificate = {
  readonly refused: Extract<CertificateRefusal, 'certificate-malformed' | 'certificate-too-large'>
}

/** One request as every front door hands it on: decoded once, with the certificate as the TLS layer proved it. */
export type DeviceRequest = {
  /** Names the request in audit records and answers; no caller can choose it. */
  readonly requestId: string
  /** Lower-case host name without port, as the front door says the device addressed it; empty when it named none, or several. */
  readonly hostName: string
  readonly sourceIp: string
  readonly route: Route
  readonly thingHeader: ThingHeader
  /** PEM of the leaf certificate whose key the device proved to hold; absent when it presented none. */
  readonly presented: string | UnusableCertificate | undefined
}
