import { parseArgs } from 'node:util'
import { type AccountId, parseAccountId, parseRegion, type Region } from '@thingpass/core/names'
import type { AuthorizerFormatName } from './authorizer/ask-authorizer.ts'

/** The front doors that can be had on one machine. */
export type FrontDoorName = 'api-gateway' | 'load-balancer'

/** What the local stack is started with. */
export type Settings = {
  /** Port of the gateway; 0 = any free port. */
  readonly port: number
  /** Port of the control plane; 0 = any free port. */
  readonly controlPort: number
  /** What stands before the functions: an HTTP API with its authorizer, or a load balancer in passthrough mode. */
  readonly frontDoor: FrontDoorName
  /** How the authorizer is asked before guarded routes, and which attributes of a thing it tells them. */
  readonly authorizer: {
    readonly format: AuthorizerFormatName
    readonly attributeNames: readonly string[]
  }
  readonly dataDir: string
  readonly account: AccountId
  readonly region: Region
  readonly reset: boolean
  readonly sts: 'aws' | 'local'
  /** Role ARN patterns (`*`, `?`) that devices may be given at all; empty = no limit beside the tenants' own. */
  readonly allowRoles: readonly string[]
  /** Base URL of a DynamoDB endpoint; absent = the embedded engine. */
  readonly dynamodb?: string
  readonly quiet: boolean
}

/** What a command line asks for, or what is wrong with it, in one line. */
export type CommandLine =
  | { readonly kind: 'start'; readonly settings: Settings }
  | { readonly kind: 'help' }
  | { readonly kind: 'problem'; readonly problem: string }

/** What `--help` prints. */
export const HELP = `Starts Thingpass on this machine: devices get credentials over mutual TLS. No AWS account needed.

Usage: npm start -- [flags]

  --port NUMBER         port of the device endpoint on loopback (8443); 0 = any free port
  --control-port NUMBER port of the control plane on loopback (8080); 0 = any free port,
                        which is also taken when --port is 0
  --front-door NAME     what devices connect to: api-gateway, or load-balancer (api-gateway)
  --authorizer-format NAME
                        how the authorizer of guarded APIs is asked: http-simple, http-iam or rest
                        (http-simple)
  --authorizer-attribute NAME
                        attribute of a thing that guarded APIs are told; repeatable
  --data-dir PATH       where everything is kept (.thingpass)
  --account NUMBER      AWS account that ARNs carry (123456789012)
  --region NAME         AWS region that ARNs carry (us-east-1)
  --reset               delete what earlier starts left in the data directory
  --sts aws|local       who issues credentials: AWS, or the local stand-in (local)
  --allow-role PATTERN  role ARN that devices may be given, with * and ?; repeatable, needed with --sts aws
  --dynamodb URL        DynamoDB endpoint to use instead of the embedded engine
  --quiet               print nothing but problems
  --help                print this
`

const OPTIONS = {
  port: { type: 'string', default: '8443' },
  'control-port': { type: 'string' },
  'front-door': { type: 'string', default: 'api-gateway' },
  'authorizer-format': { type: 'string', default: 'http-simple' },
  'authorizer-attribute': { type: 'string', multiple: true },
  'data-dir': { type: 'string', default: '.thingpass' },
  account: { type: 'string', default: '123456789012' },
  region: { type: 'string', default: 'us-east-1' },
  reset: { type: 'boolean', default: false },
  sts: { type: 'string', default: 'local' },
  'allow-role': { type: 'string', multiple: true },
  dynamodb: { type: 'string' },
  quiet: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

const ROLE_PATTERN = /^arn:[^:\s]+:iam::[\d*?]+:role\/\S+$/

/** Parses the arguments after the program's name. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const read = readFlags(args)
  if ('problem' in read) return problem(read.problem)
  if (read.values.help) return { kind: 'help' }
  return settingsOf(read.values)
}

type Flags = ReturnType<typeof parseFlags>['values']

const parseFlags = (args: readonly string[]) => parseArgs({ args: [...args], options: OPTIONS })

function readFlags(
  args: readonly string[],
): { readonly values: Flags } | { readonly problem: string } {
  try {
    return { values: parseFlags(args).values }
  } catch (thrown) {
    const [first = 'unreadable flags'] = (thrown as Error).message.split(/\. |\n/)
    return { problem: `${first} (--help lists the flags)` }
  }
}

function settingsOf(flags: Flags): CommandLine {
  const doors = parseDoors(flags)
  if (typeof doors !== 'object') return problem(doors)
  const place = parsePlace(flags)
  if (typeof place !== 'object') return problem(place)
  const sts = parseSts(flags)
  if (typeof sts !== 'object') return problem(sts)
  const dynamodb = flags.dynamodb === undefined ? undefined : parseEndpoint(flags.dynamodb)
  if (flags.dynamodb !== undefined && dynamodb === undefined) {
    return problem('--dynamodb must be an http or https URL without user, query or fragment')
  }
  const { reset, quiet } = flags
  return {
    kind: 'start',
    settings: {
      ...{ ...doors, ...place, reset, ...sts, quiet },
      ...(dynamodb !== undefined && { dynamodb }),
    },
  }
}

/** Where the stack lives. */
function parsePlace(flags: Flags): Pick<Settings, 'dataDir' | 'account' | 'region'> | string {
  if (flags['data-dir'] === '') return '--data-dir must name a directory'
  const account = parseAccountId(flags.account)
  if (account === undefined) return '--account must be 12 digits'
  const region = parseRegion(flags.region)
  if (region === undefined) return '--region must be a region name such as eu-central-1'
  return { dataDir: flags['data-dir'], account, region }
}

/** What is listened on, and how. */
function parseDoors(
  flags: Flags,
): Pick<Settings, 'port' | 'controlPort' | 'frontDoor' | 'authorizer'> | string {
  const ports = parsePorts(flags)
  if (typeof ports !== 'object') return ports
  const frontDoor = parseFrontDoor(flags['front-door'])
  if (frontDoor === undefined) return '--front-door must be api-gateway or load-balancer'
  const authorizer = parseAuthorizer(flags)
  if (typeof authorizer !== 'object') return authorizer
  return { ...ports, frontDoor, authorizer }
}

function parseFrontDoor(name: string): FrontDoorName | undefined {
  return name === 'api-gateway' || name === 'load-balancer' ? name : undefined
}

const AUTHORIZER_FORMATS: readonly AuthorizerFormatName[] = ['http-simple', 'http-iam', 'rest']
/** Source: AWS IoT API model (AttributeName). */
const ATTRIBUTE_NAME = /^[a-zA-Z0-9_.,@/:#-]{1,128}$/

function parseAuthorizer(flags: Flags): Settings['authorizer'] | string {
  const format = AUTHORIZER_FORMATS.find((name) => name === flags['authorizer-format'])
  if (format === undefined) return '--authorizer-format must be http-simple, http-iam or rest'
  const attributeNames = flags['authorizer-attribute'] ?? []
  const named = attributeNames.every((name) => ATTRIBUTE_NAME.test(name))
  return named
    ? { format, attributeNames }
    : '--authorizer-attribute must be the name of an attribute, such as site'
}

const CONTROL_PORT = '8080'

/** Who takes any port for devices takes any for operators, unless one is named. */
function parsePorts(flags: Flags): Pick<Settings, 'port' | 'controlPort'> | string {
  const port = parsePort(flags.port)
  if (port === undefined) return '--port must be a number from 0 to 65535'
  const controlPort = parsePort(flags['control-port'] ?? (port === 0 ? '0' : CONTROL_PORT))
  if (controlPort === undefined) return '--control-port must be a number from 0 to 65535'
  return { port, controlPort }
}

function parsePort(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  return port <= 65_535 ? port : undefined
}

/** Real credentials are at stake with `--sts aws`, so which roles is said outright. */
function parseSts(flags: Flags): Pick<Settings, 'sts' | 'allowRoles'> | string {
  const { sts, 'allow-role': allowRoles = [] } = flags
  if (sts !== 'aws' && sts !== 'local') return '--sts must be aws or local'
  const bad = allowRoles.find((pattern) => !ROLE_PATTERN.test(pattern))
  if (bad !== undefined)
    return '--allow-role must be a role ARN, such as arn:aws:iam::123456789012:role/device-*'
  if (sts === 'aws' && allowRoles.length === 0) return '--sts aws needs --allow-role PATTERN'
  return { sts, allowRoles }
}

function parseEndpoint(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) return undefined
  const bare = `${url.username}${url.password}${url.search}${url.hash}` === ''
  return bare ? url.href : undefined
}

function problem(text: string): CommandLine {
  return { kind: 'problem', problem: text }
}
