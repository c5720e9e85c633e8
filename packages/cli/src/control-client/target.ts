import {
  DEFAULT_TENANT,
  parseRegion,
  parseTenantId,
  type Region,
  type TenantId,
} from '@thingpass/core/names'
import type { UsageProblem } from '../command-io.ts'
import type { Origin } from '../http/exchange.ts'
import { isLoopback, originOf } from '../http/parse-origin.ts'

/** What a command line says of the control plane; each may be absent. */
export type TargetOptions = {
  readonly endpoint?: string
  readonly tenant?: string
  readonly region?: string
  /** Directory of a local stack. */
  readonly dataDir?: string
}

/** The control plane that a command talks to, and as whose. */
export type ControlTarget = {
  readonly origin: Origin
  /** What stands before every path: the stage of a deployment, if any, and the tenant's prefix. No `/` at its end. */
  readonly basePath: string
  readonly tenantId: TenantId
  readonly region: Region
  /** Directory of the local stack whose access keys count; absent for a deployment. */
  readonly localDataDir?: string
}

const LOCAL_ENDPOINT = 'http://127.0.0.1:8080'
const LOCAL_REGION = 'us-east-1'
const LOCAL_DATA_DIR = '.thingpass'

/**
 * Says which control plane is meant: what the command line names, else the environment, else the local one. A local one is
 * whatever listens on loopback; its region does not follow AWS's variables, for it is not in AWS.
 */
export function parseTarget(
  options: TargetOptions,
  environment: Readonly<Record<string, string | undefined>>,
): ControlTarget | UsageProblem {
  const given = (name: 'endpoint' | 'tenant' | 'region') =>
    options[name] ?? environment[`THINGPASS_${name.toUpperCase()}`]
  const url = parseEndpoint(given('endpoint') ?? LOCAL_ENDPOINT)
  if ('problem' in url) return url
  const tenantId = parseTenantId(given('tenant') ?? DEFAULT_TENANT)
  if (tenantId === undefined) return { problem: '--tenant takes 1 to 63 of a-z, 0-9 and -' }
  const local = isLoopback(url.origin.hostname)
  const region = parseRegion(given('region') ?? regionOf(url.origin, environment))
  if (region === undefined) return { problem: '--region takes a region such as eu-central-1' }
  const prefix = tenantId === DEFAULT_TENANT ? '' : `/t/${tenantId}`
  return {
    origin: url.origin,
    basePath: `${url.path}${prefix}`,
    ...{ tenantId, region },
    ...(local ? { localDataDir: options.dataDir ?? LOCAL_DATA_DIR } : {}),
  }
}

/** Shows where a target is, for people and for the endpoint setting of an SDK. */
export function baseUrlOf({
  origin,
  basePath,
}: Pick<ControlTarget, 'origin' | 'basePath'>): string {
  const { protocol, hostname, port } = origin
  return `${protocol}//${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}${basePath}`
}

const BAD_ENDPOINT = { problem: '--endpoint takes an http or https URL without query or user' }

function parseEndpoint(
  text: string,
): { readonly origin: Origin; readonly path: string } | UsageProblem {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) return BAD_ENDPOINT
  if (`${url.username}${url.password}${url.search}${url.hash}` !== '') return BAD_ENDPOINT
  const origin = originOf(url)
  // A request carries the session token of the caller: never over a network in the clear.
  if (origin.protocol === 'http:' && !isLoopback(origin.hostname)) {
    return { problem: '--endpoint must be https unless it is on this machine' }
  }
  return { origin, path: url.pathname.replace(/\/+$/, '') }
}

const API_GATEWAY = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/

function regionOf(
  { hostname }: Origin,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (isLoopback(hostname)) return LOCAL_REGION
  const [, named] = API_GATEWAY.exec(hostname) ?? []
  return named ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION
}
