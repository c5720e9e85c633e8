/** Everything that can be set of a deployment, in one place. This file declares nothing and reads nothing. */
export type Settings = {
  /** Where everything is. */
  readonly region: string
  /** A domain whose DNS is a public Route 53 zone of this account. */
  readonly domain: string
  /** Id of that zone, where the account has several of the name. */
  readonly hostedZoneId?: string
  /** Devices connect to `<hostPrefix>.credentials.iot.<region>.<domain>`, the shape that every client's parser accepts. */
  readonly hostPrefix: string
  /**
   * Which roles the credentials function may assume at all, whatever tenants configure: a path of this account
   * (`/thingpass/`, every role below it), or the ARN of one role or of one path in another account.
   */
  readonly assumableRoles: readonly string[]
  /** The one tenant of a deployment that has one only: saves its devices' first request a round of reads. */
  readonly singleTenant?: string
  /** Tenants for which this deployment signs certificates; each has a KMS key of its own ($1 a month). */
  readonly signingTenants: readonly string[]
  /** Of the function behind the API, and of the one behind the load balancer: each has as much. */
  readonly credentialsFunction: FunctionSettings & {
    /**
     * Whether it calls AWS through AWS's SDK: larger and slower (docs/performance.md), but it knows what our own calls refuse: isolated
     * partitions, FIPS and dual-stack endpoints.
     */
    readonly awsSdk?: boolean
  }
  readonly controlFunction: FunctionSettings
  /** What stands before the routes of `infra/protected-routes.ts`. */
  readonly authorizer: {
    /** How it answers: `simple` says yes or no, `iam` writes a policy for the one ARN that was asked for. */
    readonly format: 'simple' | 'iam'
    /** Names of the thing's attributes that those routes are told. */
    readonly attributes: readonly string[]
  }
  readonly authorizerFunction: FunctionSettings
  readonly whoamiFunction: Pick<FunctionSettings, 'memory'>
  readonly publisherFunction: Pick<FunctionSettings, 'memory'>
  /** A second front door, for certificates that API Gateway cannot accept; absent = there is none. It costs from $16 a month, idle. */
  readonly loadBalancer?: LoadBalancerSettings
  /** Requests of all devices together: steady rate and burst, above which API Gateway answers 429. */
  readonly deviceThrottle: { readonly perSecond: number; readonly burst: number }
  /** Requests of all operators together. */
  readonly controlThrottle: { readonly perSecond: number; readonly burst: number }
  /** How long functions' logs are kept: decisions are among them. Access logs are always kept for one month. */
  readonly logRetention: '1 week' | '1 month' | '3 months' | '6 months' | '1 year' | '2 years'
  /** Who is told of alarms; without it, they only show. The address must confirm once. */
  readonly alarmEmail?: string
  /** AssumeRole calls per second that STS grants account and region. Source: IAM User Guide, reference_iam-quotas. */
  readonly stsQuotaPerSecond: number
  /** The deployment is protected against removal, and its table, bucket and keys outlive it. */
  readonly isProduction: boolean
}

/** Size of one function. */
export type FunctionSettings = {
  readonly memory: `${number} MB`
  /** Instances kept warm, each of which costs while idle; absent = none. */
  readonly provisioned?: number
  /** Most instances at once, taken from the account's limit; absent = up to that limit. */
  readonly reserved?: number
}

/**
 * To be written out, word by word, by whoever opens the second front door: there, identity comes from a header. Once docs/unverified.md records that the
 * load balancer removes the header where a client sends it without a certificate, this goes.
 */
export const LOAD_BALANCER_ACKNOWLEDGEMENT =
  'I accept that nobody has verified that the load balancer removes a client-sent X-Amzn-Mtls-Clientcert'

/** Where the second front door stands. */
export type LoadBalancerSettings = {
  readonly acknowledge: typeof LOAD_BALANCER_ACKNOWLEDGEMENT
  /** A certificate of ACM in the deployment's region, for `<hostPrefix>-lb.credentials.iot.<region>.<domain>`: there devices connect to it. */
  readonly certificateArn: string
  readonly vpcId: string
  /** Public subnets of the VPC, in two availability zones at least. */
  readonly subnetIds: readonly [string, string, ...string[]]
}

/** Frugal: idle, this costs what a hosted zone, a dashboard, the alarms beyond ten and the publisher's runs cost. */
const DEFAULTS: Settings = {
  region: 'eu-central-1',
  domain: 'example.com',
  hostPrefix: 'devices',
  assumableRoles: ['/thingpass/'],
  signingTenants: [],
  credentialsFunction: { memory: '512 MB' },
  controlFunction: { memory: '512 MB' },
  authorizer: { format: 'simple', attributes: [] },
  authorizerFunction: { memory: '512 MB' },
  whoamiFunction: { memory: '256 MB' },
  publisherFunction: { memory: '256 MB' },
  deviceThrottle: { perSecond: 100, burst: 200 },
  controlThrottle: { perSecond: 20, burst: 40 },
  logRetention: '1 month',
  stsQuotaPerSecond: 600,
  isProduction: false,
}

/** What stages have different. A stage that is not named here has the defaults, with its name in the host name. */
const STAGES: Readonly<Record<string, Partial<Settings>>> = {
  production: {
    isProduction: true,
    logRetention: '1 year',
    deviceThrottle: { perSecond: 1000, burst: 2000 },
  },
}

/**
 * Settings of a stage.
 * @throws {Error} when a setting would open more than it says, or no request would survive it
 */
export function settingsOf(stage: string): Settings {
  const hostPrefix = stage === 'production' ? DEFAULTS.hostPrefix : stage.toLowerCase()
  const settings = { ...DEFAULTS, hostPrefix, ...STAGES[stage] }
  checkSettings(settings)
  return settings
}

/** A path is more than `/`, and a wildcard stands only at the end of one: neither means all roles of an account. */
const ASSUMABLE =
  /^(?:arn:aws[a-z-]*:iam::\d{12}:role)?\/(?:[\w+=,.@-]+\/)+\*?$|^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/

/** As `functions/authorizer/environment.ts` takes them: a deployment is refused here rather than every request there. */
const ATTRIBUTE = /^[a-zA-Z0-9_.,@/:#-]{1,128}$/

function checkSettings(settings: Settings): void {
  const { assumableRoles, authorizer } = settings
  for (const role of assumableRoles) {
    if (!ASSUMABLE.test(role)) refuse(`assumableRoles: ${role} is neither path nor role ARN`)
  }
  for (const name of authorizer.attributes) {
    if (!ATTRIBUTE.test(name)) refuse(`authorizer.attributes: ${name} names no attribute`)
  }
  checkLoadBalancer(settings)
}

/** Types are gone when this runs, and settings may be written past them: so each is looked at. */
function checkLoadBalancer({ loadBalancer, region }: Settings): void {
  if (loadBalancer === undefined) return
  const acknowledged = loadBalancer.acknowledge === LOAD_BALANCER_ACKNOWLEDGEMENT
  if (!acknowledged) refuse(`loadBalancer.acknowledge: say "${LOAD_BALANCER_ACKNOWLEDGEMENT}"`)
  const inRegion = loadBalancer.certificateArn.split(':')[3] === region
  if (!inRegion) refuse(`loadBalancer.certificateArn: not a certificate of ${region}`)
  const zones = new Set(loadBalancer.subnetIds).size
  if (!(zones >= 2)) refuse('loadBalancer.subnetIds: a load balancer needs two subnets')
}

function refuse(why: string): never {
  throw new Error(why)
}
