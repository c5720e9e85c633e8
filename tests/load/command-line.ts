import { parseArgs } from 'node:util'
import { type Load, SCENARIO_NAMES, type ScenarioName } from './scenarios/scenario.ts'
import { isLoopbackHost, judgeEndpoint } from './target.ts'

/** What a load run is asked to do. */
export type LoadSettings = Load & {
  readonly scenarios: readonly ScenarioName[]
  /** Where report and summary are put. */
  readonly outDirectory: string
  /** Where the fleet is, or is put; absent = a folder of its own for this run. */
  readonly fleetDirectory?: string
  readonly keepFleet: boolean
  /** What is loaded; absent = a local stack that the run starts. */
  readonly endpoint?: Endpoint
}

/** A running deployment, or somebody's local stack. */
export type Endpoint = {
  readonly url: URL
  /** Whether it is on this machine. */
  readonly isLocal: boolean
  /** File with the authority of its certificate; absent = those that Node knows. */
  readonly serverCaFile?: string
  /** With what a fleet is made there, and nothing else is done; absent = the fleet directory has one. */
  readonly control?: { readonly url: URL; readonly region: string; readonly roleArn: string }
}

/** What a command line asks for, or what is wrong with it, in one line. */
export type CommandLine =
  | { readonly kind: 'run'; readonly settings: LoadSettings }
  | { readonly kind: 'help' }
  | { readonly kind: 'problem'; readonly problem: string }

/** What a wrong command line is told. */
export const USAGE = `usage: npm run load -- --scenario ${SCENARIO_NAMES.join('|')}|all [--devices N] [--rate N] [--duration S] [--short] [--out DIR] (--help tells all)`

/** What `--help` prints. */
export const HELP = `Puts a fleet of devices on Thingpass and reports what it got.

${USAGE}

  --scenario NAME   ${SCENARIO_NAMES.join(', ')} or all; repeatable
  --devices N       devices of the fleet (100); a quarter more in a second tenant and 30 % bad ones come on top
  --rate N          devices that come per second (40)
  --duration S      seconds that each scenario lasts at least (30)
  --short           20 a second for 4 seconds each, for checks that have to be quick
  --out DIR         where report.html and summary.json are put (reports/load)
  --fleet DIR       where the fleet is kept, or is found again
  --keep-fleet      do not delete the fleet at the end
  --help            print this

Without --url the run starts a local stack of its own. With it:

  --url URL         device endpoint (https). Only 127.0.0.0/8 and localhost, unless
  --i-own-this-endpoint is given: then also --rate has to be, 50 at most
  --server-ca FILE  authority of its certificate, where Node does not know it
  --fleet DIR       is needed: the fleet that a run with --control has made there
  --control URL     make the fleet through this control plane, signed with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY,
                    and put no load on
  --role ARN        role that the fleet's role aliases name; goes with --control
  --region NAME     region that signatures are made for (AWS_REGION, us-east-1)
`

const OPTIONS = {
  scenario: { type: 'string', multiple: true },
  devices: { type: 'string', default: '100' },
  rate: { type: 'string' },
  duration: { type: 'string' },
  short: { type: 'boolean', default: false },
  out: { type: 'string', default: 'reports/load' },
  fleet: { type: 'string' },
  'keep-fleet': { type: 'boolean', default: false },
  url: { type: 'string' },
  'i-own-this-endpoint': { type: 'boolean', default: false },
  'server-ca': { type: 'string' },
  control: { type: 'string' },
  role: { type: 'string' },
  region: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

const USUAL = { perSecond: 40, seconds: 30 } as const
const SHORT = { perSecond: 20, seconds: 4 } as const
const MOST_DEVICES = 10_000
const MOST_PER_SECOND = 1000
const MOST_SECONDS = 3600
/** Visits of one scenario, each of which is kept until it is reported. */
const MOST_VISITS = 200_000
/** What somebody else's servers, network and account are put under at most. */
const MOST_REMOTE = { devices: 2000, perSecond: 50, seconds: 600 } as const

type Flags = ReturnType<typeof parseFlags>['values']

const parseFlags = (args: readonly string[]) => parseArgs({ args: [...args], options: OPTIONS })

/** Parses the arguments after the program's name. `usualRegion` is the environment's. */
export function parseCommandLine(args: readonly string[], usualRegion?: string): CommandLine {
  const flags = readFlags(args)
  if (typeof flags === 'string') return problem(flags)
  if (flags.help) return { kind: 'help' }
  const scenarios = readScenarios(flags.scenario ?? [])
  if (typeof scenarios === 'string') return problem(scenarios)
  const load = readLoad(flags)
  if (typeof load === 'string') return problem(load)
  const endpoint = readEndpoint(flags, usualRegion)
  if (typeof endpoint === 'string') return problem(endpoint)
  const tooMuch = endpoint === undefined ? undefined : judgeRemoteLoad(flags, load, endpoint)
  if (tooMuch !== undefined) return problem(tooMuch)
  return {
    kind: 'run',
    settings: {
      ...load,
      ...{ scenarios, outDirectory: flags.out, keepFleet: flags['keep-fleet'] },
      ...(flags.fleet !== undefined && { fleetDirectory: flags.fleet }),
      ...(endpoint !== undefined && { endpoint }),
    },
  }
}

function problem(text: string): CommandLine {
  return { kind: 'problem', problem: text }
}

function readFlags(args: readonly string[]): Flags | string {
  try {
    return parseFlags(args).values
  } catch (thrown) {
    return (thrown as Error).message.split(/\. |\n/)[0] ?? 'unreadable flags'
  }
}

/** Each once, in the order of `all`. */
function readScenarios(names: readonly string[]): readonly ScenarioName[] | string {
  if (names.length === 0) return '--scenario is needed'
  const unknown = names.find(
    (name) => name !== 'all' && !SCENARIO_NAMES.some((known) => known === name),
  )
  if (unknown !== undefined) return `--scenario ${unknown} is unknown`
  return SCENARIO_NAMES.filter((name) => names.includes(name) || names.includes('all'))
}

function readLoad(flags: Flags): Load | string {
  const usual = flags.short ? SHORT : USUAL
  const devices = Number(flags.devices)
  if (!(Number.isInteger(devices) && devices >= 1 && devices <= MOST_DEVICES)) {
    return `--devices takes a whole number from 1 to ${MOST_DEVICES}`
  }
  const perSecond = Number(flags.rate ?? usual.perSecond)
  if (!(perSecond > 0 && perSecond <= MOST_PER_SECOND)) {
    return `--rate takes devices per second, above 0 and up to ${MOST_PER_SECOND}`
  }
  const seconds = Number(flags.duration ?? usual.seconds)
  if (!(Number.isInteger(seconds) && seconds >= 1 && seconds <= MOST_SECONDS)) {
    return `--duration takes whole seconds from 1 to ${MOST_SECONDS}`
  }
  return perSecond * seconds <= MOST_VISITS
    ? { devices, perSecond, seconds }
    : `--rate times --duration is ${MOST_VISITS} at most`
}

const OF_URL_ONLY = ['control', 'role', 'region', 'server-ca'] as const

function readEndpoint(
  flags: Flags,
  usualRegion: string | undefined,
): Endpoint | undefined | string {
  if (flags.url === undefined) {
    const stray = OF_URL_ONLY.find((name) => flags[name] !== undefined)
    return stray === undefined ? undefined : `--${stray} is of use with --url only`
  }
  const owned = flags['i-own-this-endpoint']
  const judged = judgeEndpoint(flags.url, { owned, schemes: ['https:'] })
  if (!judged.ok) return `--url: ${judged.problem}`
  const control = readControl(flags, usualRegion)
  if (typeof control === 'string') return control
  if (flags.fleet === undefined)
    return '--url needs --fleet: the folder of a fleet made with --control'
  return {
    url: judged.url,
    isLocal: isLoopbackHost(judged.url.hostname),
    ...(flags['server-ca'] !== undefined && { serverCaFile: flags['server-ca'] }),
    ...(control !== undefined && { control }),
  }
}

const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/\S{1,512}$/

function readControl(flags: Flags, usualRegion: string | undefined): Endpoint['control'] | string {
  if (flags.control === undefined) return undefined
  const owned = flags['i-own-this-endpoint']
  const judged = judgeEndpoint(flags.control, { owned, schemes: ['https:', 'http:'] })
  if (!judged.ok) return `--control: ${judged.problem}`
  if (!ROLE_ARN.test(flags.role ?? '')) return '--control needs --role with the ARN of a role'
  const region = flags.region ?? usualRegion ?? 'us-east-1'
  return { url: judged.url, region, roleArn: flags.role ?? '' }
}

/** A deployment is somebody's: how much it is to bear has to be said, and is bounded whatever is said. */
function judgeRemoteLoad(flags: Flags, load: Load, { isLocal }: Endpoint): string | undefined {
  if (isLocal) return undefined
  if (flags.rate === undefined) return '--rate has to be given for an endpoint elsewhere'
  const within =
    load.perSecond <= MOST_REMOTE.perSecond &&
    load.seconds <= MOST_REMOTE.seconds &&
    load.devices <= MOST_REMOTE.devices
  const { devices, perSecond, seconds } = MOST_REMOTE
  return within
    ? undefined
    : `an endpoint elsewhere gets --devices ${devices}, --rate ${perSecond} and --duration ${seconds} at most`
}
