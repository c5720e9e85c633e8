import { Fault } from '@thingpass/core/fault'
import type { Region } from '@thingpass/core/names'

/** The services that the lean adapters call. */
export type LeanService = 'dynamodb' | 'sts'

/** Where a service listens. Plain HTTP exists on loopback only. */
export type Endpoint = {
  readonly secure: boolean
  readonly hostname: string
  readonly port: number
  /** As the `Host` header has it: with the port where it is not the scheme's own. */
  readonly host: string
}

/** Partitions of their own, with other host names, which only the SDK's rules know. Source: AWS partitions metadata. */
const OTHER_PARTITION = /^(?:us|eu)-iso/

/** What a region may look like in a host name; narrower than any URL syntax, so that no region can lead elsewhere. */
const REGION = /^[a-z]{2}(?:-[a-z]{2,12}){1,3}-\d{1,2}$/

/**
 * Names a service's regional endpoint, or checks the one that was given instead.
 * @throws {Fault} CONFIGURATION_INVALID for a region outside the partitions aws, aws-cn and aws-us-gov, and for a URL that is not one of
 * `https:` or loopback `http:` without path, query and user
 */
export function resolveEndpoint(service: LeanService, region: Region, url?: string): Endpoint {
  if (url !== undefined) return endpointOf(service, url)
  const known = REGION.test(region) && !OTHER_PARTITION.test(region)
  if (!known) throw invalid(`the region has no known endpoint of ${service}`)
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  const hostname = `${service}.${region}.${suffix}`
  return { secure: true, hostname, port: 443, host: hostname }
}

const HOSTNAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

function endpointOf(service: LeanService, text: string): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const bare = url !== undefined && url.href === `${url.protocol}//${url.host}/`
  const secure = url?.protocol === 'https:' && HOSTNAME.test(url.hostname)
  const local = url?.protocol === 'http:' && LOOPBACK.test(url.hostname)
  if (!(bare && (secure || local))) {
    throw invalid(
      `the endpoint of ${service} is neither https nor loopback, or more than an origin`,
    )
  }
  const { host } = url
  const port = Number(url.port) || (secure ? 443 : 80)
  return { secure, hostname: url.hostname.replace(/^\[|\]$/g, ''), port, host }
}

function invalid(what: string): Fault {
  return new Fault('CONFIGURATION_INVALID', what)
}
