import type { UsageProblem } from '../command-io.ts'
import { COLLECTIONS, type Collection } from './fleet-record.ts'

/** What `thingpass import` is told, as it stands on the command line. */
export type ImportFlags = {
  readonly fromAws?: boolean
  readonly fromFile?: string
  readonly awsRegion?: string
  readonly awsProfile?: string
  readonly awsEndpoint?: string
  readonly dryRun?: boolean
  readonly state?: string
  readonly rate?: string
  readonly only?: string
  readonly copyCas?: boolean
  readonly toAccount?: string
  readonly showRolePolicies?: boolean
  readonly rolePolicyFile?: readonly string[]
  readonly json?: boolean
}

/** Where a fleet comes from. */
export type ImportFrom =
  | {
      readonly kind: 'aws'
      readonly region?: string
      readonly profile?: string
      readonly endpoint?: string
      readonly perSecond: number
    }
  | { readonly kind: 'file'; readonly path: string }

/** An import that was asked for. */
export type ImportOptions = {
  /** Absent where role policies are shown, and nothing else is done. */
  readonly from?: ImportFrom
  readonly dryRun: boolean
  readonly statePath: string
  /** In the order in which they are written. */
  readonly only: readonly Collection[]
  readonly copyCas: boolean
  readonly toAccount?: string
  readonly showRolePolicies: boolean
  readonly rolePolicyFiles: readonly string[]
  readonly json: boolean
}

const STATE_PATH = '.thingpass-import.jsonl'
/** Calls per second where nobody says: AWS IoT's quota for most calls that list or describe. */
const RATE = '10'

/** Reads the flags. */
export function parseImportFlags(flags: ImportFlags): ImportOptions | UsageProblem {
  const from = parseFrom(flags)
  const only = parseOnly(flags.only)
  const { toAccount, rolePolicyFile: rolePolicyFiles = [], showRolePolicies = false } = flags
  if ('problem' in from) return from
  if ('problem' in only) return only
  if (toAccount !== undefined && !/^\d{12}$/.test(toAccount)) {
    return { problem: '--to-account takes the 12 digits of an AWS account' }
  }
  const { dryRun = false, copyCas = false, json = false, state: statePath = STATE_PATH } = flags
  return {
    ...from,
    ...{ dryRun, copyCas, json, statePath, showRolePolicies, rolePolicyFiles },
    ...(toAccount === undefined ? {} : { toAccount }),
    only: only.collections,
  }
}

const FROM_WHAT = 'say what to import: --from-aws or --from-file FILE'

function parseFrom(flags: ImportFlags): { readonly from?: ImportFrom } | UsageProblem {
  const { fromAws = false, fromFile, rolePolicyFile = [], showRolePolicies = false } = flags
  if (fromAws && fromFile !== undefined) return { problem: `${FROM_WHAT}, not both` }
  if (fromFile !== undefined) {
    if (showRolePolicies) return { problem: '--show-role-policies needs --from-aws' }
    return { from: { kind: 'file', path: fromFile } }
  }
  if (fromAws) return parseAws(flags)
  return rolePolicyFile.length > 0 && !showRolePolicies ? {} : { problem: FROM_WHAT }
}

function parseAws(flags: ImportFlags): { readonly from: ImportFrom } | UsageProblem {
  const { awsRegion, awsProfile, awsEndpoint, rate = RATE } = flags
  const perSecond = Number(rate)
  if (!(perSecond > 0 && Number.isFinite(perSecond))) {
    return { problem: '--rate takes a number of calls per second above 0' }
  }
  if (awsEndpoint !== undefined && !URL.canParse(awsEndpoint)) {
    return { problem: '--aws-endpoint takes a URL' }
  }
  return {
    from: {
      ...{ kind: 'aws', perSecond },
      ...(awsRegion === undefined ? {} : { region: awsRegion }),
      ...(awsProfile === undefined ? {} : { profile: awsProfile }),
      ...(awsEndpoint === undefined ? {} : { endpoint: awsEndpoint }),
    },
  }
}

function parseOnly(
  text: string | undefined,
): { readonly collections: readonly Collection[] } | UsageProblem {
  if (text === undefined) return { collections: COLLECTIONS }
  const named: readonly string[] = text.split(',').map((each) => each.trim())
  const unknown = named.find((name) => !COLLECTIONS.some((each) => each === name))
  if (unknown !== undefined) return { problem: `--only takes some of ${COLLECTIONS.join(', ')}` }
  return { collections: COLLECTIONS.filter((each) => named.includes(each)) }
}
