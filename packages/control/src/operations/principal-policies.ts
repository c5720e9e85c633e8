import { succeed } from '../api-error.ts'
import { ARN, POLICY_NAME } from '../fields.ts'
import { header, label } from '../members.ts'
import { defineOperation } from '../operation.ts'
import { MARKER_ORDER, MARKER_PAGE, readPart } from '../pagination.ts'
import { attachPolicy, detachPolicy, unknownTarget } from '../policy-target.ts'
import { summaryOf, unknownPolicy } from './policies.ts'
import { parsePrincipal } from './thing-principals.ts'

/** The legacy forms know certificates only, and the principal travels in a header. */
const PRINCIPAL = header(ARN, 'x-amzn-iot-principal')

const attachPrincipalPolicy = defineOperation({
  name: 'AttachPrincipalPolicy',
  method: 'PUT',
  path: '/principal-policies/{policyName}',
  input: { policyName: label(POLICY_NAME), principal: PRINCIPAL },
  errors: ['ResourceNotFoundException', 'LimitExceededException', 'MalformedPolicyException'],
  run: async ({ policyName, principal: arn }, context) => {
    const reading = parsePrincipal(arn, context.arns)
    if (!reading.ok) return reading
    const target = { kind: 'certificate', certificateId: reading.certificateId } as const
    return attachPolicy({ policyName, target, arn }, context)
  },
})

const detachPrincipalPolicy = defineOperation({
  name: 'DetachPrincipalPolicy',
  method: 'DELETE',
  path: '/principal-policies/{policyName}',
  input: { policyName: label(POLICY_NAME), principal: PRINCIPAL },
  errors: ['ResourceNotFoundException'],
  run: async ({ policyName, principal: arn }, context) => {
    const reading = parsePrincipal(arn, context.arns)
    if (!reading.ok) return reading
    const target = { kind: 'certificate', certificateId: reading.certificateId } as const
    return detachPolicy({ policyName, target, arn }, context)
  },
})

const listPrincipalPolicies = defineOperation({
  name: 'ListPrincipalPolicies',
  method: 'GET',
  path: '/principal-policies',
  input: { principal: PRINCIPAL, ...MARKER_PAGE, ...MARKER_ORDER },
  errors: ['ResourceNotFoundException'],
  run: async ({ principal, pageSize, marker, ascendingOrder }, context) => {
    const { registry, arns, tenant } = context
    const reading = parsePrincipal(principal, arns)
    if (!reading.ok) return reading
    const target = { kind: 'certificate', certificateId: reading.certificateId } as const
    const { tenantId } = tenant
    const request = { size: pageSize, token: marker, ascending: ascendingOrder }
    const page = await readPart(request, (part) =>
      registry.listAttachedPolicies({ tenantId, target, ...part }),
    )
    if ('conflict' in page) return unknownTarget(principal)
    if (!page.ok) return page
    const policies = page.items.map((policyName) => summaryOf(policyName, arns))
    return succeed({ policies, nextMarker: page.token })
  },
})

const listPolicyPrincipals = defineOperation({
  name: 'ListPolicyPrincipals',
  method: 'GET',
  path: '/policy-principals',
  input: {
    policyName: header(POLICY_NAME, 'x-amzn-iot-policy'),
    ...MARKER_PAGE,
    ...MARKER_ORDER,
  },
  errors: ['ResourceNotFoundException'],
  run: async ({ policyName, pageSize, marker, ascendingOrder }, { registry, arns, tenant }) => {
    const { tenantId } = tenant
    const request = { size: pageSize, token: marker, ascending: ascendingOrder }
    const page = await readPart(request, (part) =>
      registry.listTargetsForPolicy({ tenantId, policyName, ...part }),
    )
    if ('conflict' in page) return unknownPolicy(policyName)
    if (!page.ok) return page
    const principals = page.items.filter(({ kind }) => kind === 'certificate').map(arns.format)
    return succeed({ principals, nextMarker: page.token })
  },
})

/** Attachments of policies to certificates, as AWS IoT had them first; deprecated there, and still in use. */
export const PRINCIPAL_POLICY_OPERATIONS = [
  attachPrincipalPolicy,
  detachPrincipalPolicy,
  listPrincipalPolicies,
  listPolicyPrincipals,
]
