import { tenantOperatorPolicy } from '@thingpass/control/tenant-operator-policy'
import { parseAccountId, parseTenantId } from '@thingpass/core/names'
import type { CommandIo, ExitCode, UsageProblem } from '../command-io.ts'
import type { ControlTarget } from '../control-client/target.ts'

/** What `tenants policy` is told beside the tenant. */
export type TenantsPolicyOptions = {
  readonly account: string
  readonly apiId?: string
  readonly stage?: string
}

/** Prints the IAM policy for the operators of a tenant. Nothing is asked: account and API are taken from the line. */
export async function printTenantPolicy(
  tenant: string,
  options: TenantsPolicyOptions,
  { target, io }: { readonly target: ControlTarget; readonly io: CommandIo },
): Promise<ExitCode> {
  const tenantId = parseTenantId(tenant)
  const api = readApi(options, target)
  if (tenantId === undefined || 'problem' in api) {
    const problem = 'problem' in api ? api.problem : '<tenant> takes 1 to 63 of a-z, 0-9 and -'
    io.err(`thingpass: ${problem}\n`)
    return 2
  }
  io.out(`${JSON.stringify(tenantOperatorPolicy(tenantId, api), null, 2)}\n`)
  return 0
}

const API_GATEWAY = /^([a-z0-9]{1,32})\.execute-api\./
const API_ID = /^[a-z0-9]{1,32}$/
/** Source: API Gateway API reference, CreateStage. */
const STAGE = /^[\w-]{1,128}$/

function readApi(options: TenantsPolicyOptions, target: ControlTarget) {
  const { origin, basePath, region, tenantId } = target
  const accountId = parseAccountId(options.account)
  const [, named = ''] = API_GATEWAY.exec(origin.hostname) ?? []
  const apiId = options.apiId ?? named
  const stage = options.stage ?? (named === '' ? '' : stageOf(basePath, tenantId))
  if (accountId === undefined) return problem('--account takes 12 digits')
  if (!API_ID.test(apiId)) return problem('--api-id is needed: the endpoint does not tell it')
  if (!STAGE.test(stage)) return problem('--stage is needed: the endpoint does not tell it')
  return { partition: partitionOf(region), region, accountId, apiId, stage }
}

/** Behind the stage stands the prefix of the tenant that the command line names, if any. */
function stageOf(basePath: string, tenantId: string): string {
  const prefix = `/t/${tenantId}`
  return (basePath.endsWith(prefix) ? basePath.slice(0, -prefix.length) : basePath).slice(1)
}

const problem = (text: string): UsageProblem => ({ problem: text })

/** Source: AWS General Reference, ARN partitions. */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}
