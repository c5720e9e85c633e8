import { type Environment, variablesOf } from '../environment/variables.ts'
import { parseCertificateHeader } from '../front-door/certificate-header.ts'

/** What the function behind a load balancer is told beside the rest. */
export type LoadBalancerEnvironment = {
  /** Where the load balancer puts the certificate: known to it and to this function alone, so never to be shown. */
  readonly certificateHeader: string
}

/**
 * Reads `THINGPASS_CERTIFICATE_HEADER`. There is no default: a name that can be known is one that a client can send.
 * @throws {Fault} CONFIGURATION_INVALID
 */
export function readLoadBalancerEnvironment(environment: Environment): LoadBalancerEnvironment {
  const read = variablesOf(environment)
  return { certificateHeader: read('THINGPASS_CERTIFICATE_HEADER', parseCertificateHeader) }
}
