import { roleTrustPolicy } from '@thingpass/control/role-trust-policy'
import { parseRoleArn, parseTenantId, type TenantId } from '@thingpass/core/names'
import type { CommandIo, ExitCode, UsageProblem } from '../command-io.ts'
import type { CallControl } from '../control-client/control-client.ts'
import { describeControlError } from '../control-client/control-error.ts'

/** What `roles trust-policy` is told beside the tenant. */
export type RolesTrustPolicyOptions = {
  /** ARNs of the roles of the functions that call STS. */
  readonly brokerRole: readonly string[]
  /** The tenant's external id, for those who may not read its record; else the record is asked. */
  readonly externalId?: string
  readonly sourceIdentity?: boolean
}

/** Prints the trust policy that the roles behind a tenant's role aliases need. */
export async function printRoleTrustPolicy(
  tenant: string,
  options: RolesTrustPolicyOptions,
  { openControl, io }: { readonly openControl: OpenControl; readonly io: CommandIo },
): Promise<ExitCode> {
  const trust = await readTrust(tenant, options, openControl)
  if ('problem' in trust) {
    io.err(`thingpass: ${trust.problem}\n`)
    return 2
  }
  io.out(`${JSON.stringify(roleTrustPolicy(trust), null, 2)}\n`)
  return 0
}

/** Makes the client of the control plane; called only when it is asked something. */
export type OpenControl = () => CallControl | UsageProblem

/** Source: STS API reference, AssumeRole (ExternalId). */
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/

async function readTrust(
  tenant: string,
  options: RolesTrustPolicyOptions,
  openControl: OpenControl,
) {
  const tenantId = parseTenantId(tenant)
  if (tenantId === undefined) return problem('<tenant> takes 1 to 63 of a-z, 0-9 and -')
  const brokerRoles = options.brokerRole.map(parseRoleArn).filter((arn) => arn !== undefined)
  if (brokerRoles.length !== options.brokerRole.length)
    return problem('--broker-role takes the ARN of a role')
  const externalId = options.externalId ?? (await askForExternalId(tenantId, openControl))
  if (typeof externalId !== 'string') return externalId
  if (!EXTERNAL_ID.test(externalId)) return problem('--external-id is not one that STS takes')
  return { tenantId, externalId, brokerRoles, setsSourceIdentity: options.sourceIdentity === true }
}

async function askForExternalId(
  tenantId: TenantId,
  openControl: OpenControl,
): Promise<string | UsageProblem> {
  const call = openControl()
  if ('problem' in call) return call
  const answer = await call({ method: 'GET', path: `/thingpass/tenants/${tenantId}` })
  if ('problem' in answer) return answer
  if (!answer.ok) return problem(describeControlError(answer.error))
  const record: unknown = answer.json
  const externalId =
    typeof record === 'object' && record !== null ? Reflect.get(record, 'externalId') : undefined
  return typeof externalId === 'string'
    ? externalId
    : problem('the answer is no tenant: is the endpoint a control plane?')
}

const problem = (text: string): UsageProblem => ({ problem: text })
