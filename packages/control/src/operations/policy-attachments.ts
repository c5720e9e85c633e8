import { succeed } from '../api-error.ts'
import { ARN, POLICY_NAME } from '../fields.ts'
import { body, label, needed, query } from '../members.ts'
import { defineOperation } from '../operation.ts'
import { MARKER_PAGE, readPart } from '../pagination.ts'
import { attachPolicy, detachPolicy, parseTarget, unknownTarget } from '../policy-target.ts'
import { flag } from '../shape.ts'
import { summaryOf, unknownPolicy } from './policies.ts'

const attach = defineOperation({
  name: 'AttachPolicy',
  method: 'PUT',
  path: '/target-policies/{policyName}',
  input: { policyName: label(POLICY_NAME), target: needed(body(ARN)) },
  errors: ['ResourceNotFoundException', 'LimitExceededException', 'MalformedPolicyException'],
  run: async ({ policyName, target: arn }, context) => {
    const reading = parseTarget(arn, context.arns)
    return reading.ok ? attachPolicy({ policyName, target: reading.target, arn }, context) : reading
  },
})

const detach = defineOperation({
  name: 'DetachPolicy',
  method: 'POST',
  path: '/target-policies/{policyName}',
  input: { policyName: label(POLICY_NAME), target: needed(body(ARN)) },
  errors: ['ResourceNotFoundException'],
  run: async ({ policyName, target: arn }, context) => {
    const reading = parseTarget(arn, context.arns)
    return reading.ok ? detachPolicy({ policyName, target: reading.target, arn }, context) : reading
  },
})

const listAttachedPolicies = defineOperation({
  name: 'ListAttachedPolicies',
  method: 'POST',
  path: '/attached-policies/{target}',
  input: { target: label(ARN), recursive: query(flag()), ...MARKER_PAGE },
  errors: ['ResourceNotFoundException'],
  run: async ({ target: arn, recursive = false, pageSize, marker }, context) => {
    const { registry, arns, tenant } = context
    const reading = parseTarget(arn, arns)
    if (!reading.ok) return reading
    const { target } = reading
    const { tenantId } = tenant
    const page = await readPart({ size: pageSize, token: marker }, (part) =>
      registry.listAttachedPolicies({ tenantId, target, recursive, ...part }),
    )
    if ('conflict' in page) return unknownTarget(arn)
    if (!page.ok) return page
    const policies = page.items.map((policyName) => summaryOf(policyName, arns))
    return succeed({ policies, nextMarker: page.token })
  },
})

const listTargetsForPolicy = defineOperation({
  name: 'ListTargetsForPolicy',
  method: 'POST',
  path: '/policy-targets/{policyName}',
  input: { policyName: label(POLICY_NAME), ...MARKER_PAGE },
  errors: ['ResourceNotFoundException'],
  run: async ({ policyName, pageSize, marker }, { registry, arns, tenant }) => {
    const { tenantId } = tenant
    const page = await readPart({ size: pageSize, token: marker }, (part) =>
      registry.listTargetsForPolicy({ tenantId, policyName, ...part }),
    )
    if ('conflict' in page) return unknownPolicy(policyName)
    if (!page.ok) return page
    return succeed({ targets: page.items.map(arns.format), nextMarker: page.token })
  },
})

/** Attachments of policies. */
export const POLICY_ATTACHMENT_OPERATIONS = [
  attach,
  detach,
  listAttachedPolicies,
  listTargetsForPolicy,
]
