import type { PolicyName } from '@thingpass/core/names'
import { refuse, succeed } from '../api-error.ts'
import { unsupportedList } from '../compound-shape.ts'
import { POLICY_DOCUMENT, POLICY_NAME } from '../fields.ts'
import { body, label, needed } from '../members.ts'
import { defineOperation } from '../operation.ts'
import { epochSeconds } from '../output.ts'
import { refusePolicyDocument } from '../policy-document.ts'

const createPolicy = defineOperation({
  name: 'CreatePolicy',
  method: 'POST',
  path: '/policies/{policyName}',
  input: {
    policyName: label(POLICY_NAME),
    policyDocument: needed(body(POLICY_DOCUMENT)),
    tags: body(unsupportedList('Tags')),
  },
  errors: ['ResourceAlreadyExistsException', 'MalformedPolicyException'],
  run: async ({ policyName, policyDocument }, { registry, arns, tenant }) => {
    const refusal = refusePolicyDocument(policyDocument)
    if (refusal !== undefined) return refusal
    const policyArn = arns.format({ kind: 'policy', policyName })
    const { tenantId } = tenant
    const outcome = await registry.createPolicy({ tenantId, policyName, document: policyDocument })
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

/** Policies, without their versions. */
export const POLICY_OPERATIONS = [createPolicy, getPolicy, deletePolicy]

/** The policy is not there, or is another tenant's. */
export function unknownPolicy(policyName: PolicyName) {
  return refuse('ResourceNotFoundException', `Policy not found (name=${policyName})`)
}
