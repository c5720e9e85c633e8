import type { PolicyName } from '@thingpass/core/names'
import { refuse, succeed } from '../api-error.ts'
import type { Arns } from '../arn.ts'
import { POLICY_DOCUMENT, POLICY_NAME } from '../fields.ts'
import { body, label, needed } from '../members.ts'
import { defineOperation } from '../operation.ts'
import { epochSeconds } from '../output.ts'
import { MARKER_ORDER, MARKER_PAGE, readPart } from '../pagination.ts'
import { refusePolicyDocument } from '../policy-document.ts'
import { NO_TAGS, TAGS } from '../tag-shape.ts'

const createPolicy = defineOperation({
  name: 'CreatePolicy',
  method: 'POST',
  path: '/policies/{policyName}',
  input: {
    policyName: label(POLICY_NAME),
    policyDocument: needed(body(POLICY_DOCUMENT)),
    tags: body(TAGS),
  },
  errors: ['ResourceAlreadyExistsException', 'MalformedPolicyException'],
  run: async ({ policyName, policyDocument, tags = NO_TAGS }, { registry, arns, tenant }) => {
    const refusal = refusePolicyDocument(policyDocument)
    if (refusal !== undefined) return refusal
    const policyArn = arns.format({ kind: 'policy', policyName })
    const { tenantId } = tenant
    const created = { tenantId, policyName, document: policyDocument, tags }
    const outcome = await registry.createPolicy(created)
    if (outcome.ok) {
      return succeed({ policyName, policyArn, policyDocument, policyVersionId: outcome.versionId })
    }
    const message = `Policy cannot be created - name already exists (name=${policyName})`
    return refuse('ResourceAlreadyExistsException', message, { id: policyName, arn: policyArn })
  },
})

const getPolicy = defineOperation({
  name: 'GetPolicy',
  method: 'GET',
  path: '/policies/{policyName}',
  input: { policyName: label(POLICY_NAME) },
  errors: ['ResourceNotFoundException'],
  run: async ({ policyName }, { registry, arns, tenant }) => {
    const policy = await registry.getPolicy({ tenantId: tenant.tenantId, policyName })
    if (policy === undefined) return unknownPolicy(policyName)
    return succeed({
      policyName,
      policyArn: arns.format({ kind: 'policy', policyName }),
      policyDocument: policy.document,
      defaultVersionId: policy.defaultVersionId,
      creationDate: epochSeconds(policy.createdAt),
      lastModifiedDate: epochSeconds(policy.modifiedAt),
      generationId: policy.generationId,
    })
  },
})

const DELETE_CONFLICTS = {
  'policy-attached':
    'The policy cannot be deleted as the policy is attached to one or more principals',
  'policy-has-versions':
    'Cannot delete the policy because it has one or more policy versions attached to it',
} as const

const deletePolicy = defineOperation({
  name: 'DeletePolicy',
  method: 'DELETE',
  path: '/policies/{policyName}',
  input: { policyName: label(POLICY_NAME) },
  errors: ['ResourceNotFoundException', 'DeleteConflictException'],
  run: async ({ policyName }, { registry, tenant }) => {
    const outcome = await registry.deletePolicy({ tenantId: tenant.tenantId, policyName })
    if (outcome.ok) return succeed()
    if (outcome.conflict === 'policy-unknown') return unknownPolicy(policyName)
    const message = `${DELETE_CONFLICTS[outcome.conflict]} (name=${policyName})`
    return refuse('DeleteConflictException', message)
  },
})

const listPolicies = defineOperation({
  name: 'ListPolicies',
  method: 'GET',
  path: '/policies',
  input: { ...MARKER_PAGE, ...MARKER_ORDER },
  errors: [],
  run: async ({ pageSize, marker, ascendingOrder }, { registry, arns, tenant }) => {
    const { tenantId } = tenant
    const request = { size: pageSize, token: marker, ascending: ascendingOrder }
    const page = await readPart(request, (part) => registry.listPolicies({ tenantId, ...part }))
    if (!page.ok) return page
    const policies = page.items.map((policyName) => summaryOf(policyName, arns))
    return succeed({ policies, nextMarker: page.token })
  },
})

/** Policies, without their versions. */
export const POLICY_OPERATIONS = [createPolicy, getPolicy, deletePolicy, listPolicies]

/** The policy is not there, or is another tenant's. */
export function unknownPolicy(policyName: PolicyName) {
  return refuse('ResourceNotFoundException', `Policy not found (name=${policyName})`)
}

/** A policy as lists name it. */
export function summaryOf(policyName: PolicyName, arns: Arns) {
  return { policyName, policyArn: arns.format({ kind: 'policy', policyName }) }
}
