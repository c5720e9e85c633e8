import type { PolicyName, ThingName } from '@thingpass/core/names'
import { type Refused, refuse, succeed } from '../api-error.ts'
import { unsupportedText } from '../compound-shape.ts'
import { inByteOrder, policiesOfTarget, policiesOfThing } from '../effective-policies.ts'
import { ARN, THING_NAME } from '../fields.ts'
import { body, query } from '../members.ts'
import { defineOperation, type OperationContext } from '../operation.ts'
import { parseHolder, unknownTarget } from '../policy-target.ts'
import { summaryOf } from './policies.ts'
import { unknownThing } from './things.ts'

const getEffectivePolicies = defineOperation({
  name: 'GetEffectivePolicies',
  method: 'POST',
  path: '/effective-policies',
  input: {
    principal: body(ARN),
    cognitoIdentityPoolId: body(unsupportedText('Cognito identities')),
    thingName: query(THING_NAME),
  },
  errors: ['ResourceNotFoundException'],
  run: async ({ principal, thingName }, context) => {
    if (principal === undefined && thingName === undefined) {
      return refuse('InvalidRequestException', 'Either principal or thingName must be given')
    }
    const own = principal === undefined ? NONE : await ofPrincipal(principal, context)
    if (!own.ok) return own
    const given = thingName === undefined ? NONE : await ofThing(thingName, context)
    if (!given.ok) return given
    const names = inByteOrder([...own.names, ...given.names])
    const policies = await Promise.all(names.map((name) => describe(name, context)))
    return succeed({ effectivePolicies: policies.filter((policy) => policy !== undefined) })
  },
})

/** What decides over a device. */
export const EFFECTIVE_POLICY_OPERATIONS = [getEffectivePolicies]

type Names =
  | { readonly ok: true; readonly names: readonly PolicyName[] }
  | Refused<'ResourceNotFoundException' | 'InvalidRequestException'>

const NONE: Names = { ok: true, names: [] }

async function ofPrincipal(principal: string, context: OperationContext): Promise<Names> {
  const reading = parseHolder(principal, context.arns)
  if (!reading.ok) return reading
  const names = await policiesOfTarget(reading.target, context)
  return names === undefined ? unknownTarget(principal) : { ok: true, names }
}

async function ofThing(thingName: ThingName, context: OperationContext): Promise<Names> {
  const names = await policiesOfThing(thingName, context)
  return names === undefined ? unknownThing(thingName) : { ok: true, names }
}

/** A policy that was deleted meanwhile decides nothing. */
async function describe(policyName: PolicyName, { registry, tenant, arns }: OperationContext) {
  const policy = await registry.getPolicy({ tenantId: tenant.tenantId, policyName })
  if (policy === undefined) return undefined
  return { ...summaryOf(policyName, arns), policyDocument: policy.document }
}
