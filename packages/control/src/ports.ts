import type { DeviceCertificate } from '@thingpass/core/certificate-facts'
import type { Fault } from '@thingpass/core/fault'
import type { RoleArn } from '@thingpass/core/names'
import type { Clock, ReadFacts } from '@thingpass/core/ports'
import type { CertificateRefusal } from '@thingpass/core/refusal'
import type { RegistryWrites } from '@thingpass/core/registry-writes'
import type { Deployment } from '@thingpass/core/request'
import type { CertificatePorts } from './certificate-ports.ts'

/** Parses a stored certificate: PEM text of exactly one, or the reason it is refused. */
export type IdentifyCertificate = (
  pem: string,
) =>
  | { readonly ok: true; readonly certificate: DeviceCertificate }
  | { readonly ok: false; readonly reason: CertificateRefusal }

/** Whether IAM lets the caller pass the role to this service. A role that cannot be resolved may not be passed. */
export type MayPassRole = (callerArn: string, roleArn: RoleArn) => Promise<boolean>

/** What the control plane needs from outside. */
export type ControlPorts = {
  /** The registry, for changes that the named caller is recorded as the maker of. */
  readonly registryFor: (callerArn: string) => RegistryWrites
  /** As on the data plane, for explanations. */
  readonly readFacts: ReadFacts
  readonly identifyCertificate: IdentifyCertificate
  readonly mayPassRole: MayPassRole
  readonly certificates: CertificatePorts
  /** Whether the caller may do whatever the deployment's administrator may: IAM, or what stands for it, closes no path to it. */
  readonly isAdministrator: (callerArn: string) => Promise<boolean>
  /** Random octets that nobody can foresee, in lower-case hex. */
  readonly randomHex: (octets: number) => string
  readonly clock: Clock
  /** Tells operators of a failure: the code and message of a Fault, which hold no secret. */
  readonly reportFault: (fault: Fault, requestId: string) => void
  readonly settings: ControlSettings
}

/** How a deployment answers. */
export type ControlSettings = {
  readonly deployment: Deployment
  /** Where devices ask for credentials: host name, with `:port` only where the port is not 443. */
  readonly credentialsEndpoint: string
  /** The longest session of the data plane's issuer, in seconds. */
  readonly longestSessionSeconds: number
  /** Milliseconds within which the registry must have answered an explanation. */
  readonly deadlineMilliseconds: number
}
