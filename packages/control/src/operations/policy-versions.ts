import { Fault } from '@thingpass/core/fault'
import type { PolicyName } from '@thingpass/core/names'
import { MAX_POLICY_VERSIONS } from '@thingpass/core/registry-writes/policies'
import { type Refused, refuse, succeed } from '../api-error.ts'
import { POLICY_DOCUMENT, POLICY_NAME, POLICY_VERSION_ID } from '../fields.ts'
import { body, label, needed, query } from '../members.ts'
import { defineOperation } from '../operation.ts'
import { epochSeconds } from '../output.ts'
import { refusePolicyDocument, refuseSessionTemplate } from '../policy-document.ts'
import { flag } from '../shape.ts'
import { unknownPolicy } from './policies.ts'

const createPolicyVersion = defineOperation({
  name: 'CreatePolicyVersion',
  method: 'POST',
  path: '/policies/{policyName}/version',
  input: {
    policyName: label(POLICY_NAME),
    policyDocument: needed(body(POLICY_DOCUMENT)),
    setAsDefault: query(flag()),
  },
  errors: [
    'ResourceNotFoundException',
    'MalformedPolicyException',
    'VersionsLimitExceededException',
  ],
  run: async ({ policyName, policyDocument, setAsDefault = false }, context) => {
    const refusal = refusePolicyDocument(policyDocument)
    if (refusal !== undefined) return refusal
    const { registry, arns, tenant } = context
    const unrenderable = refuseSessionTemplate(policyDocument)
    const outcome = await registry.createPolicyVersion({
      tenantId: tenant.tenantId,
      policyName,
      document: policyDocument,
      setAsDefault,
      rendersAsSessionPolicy: unrenderable === undefined,
    })
    if (outcome.ok) {
      const policyArn = arns.format({ kind: 'policy', policyName })
      const isDefaultVersion = setAsDefault
      const { versionId: policyVersionId } = outcome
      return succeed({ policyArn, policyDocument, policyVersionId, isDefaultVersion })
    }
    if (outcome.conflict === 'policy-unknown') return unknownPolicy(policyName)
    if (outcome.conflict === 'limits-role-alias') return limitsRoleAlias(unrenderable)
    const message = `The policy ${policyName} already has the maximum number of versions (${MAX_POLICY_VERSIONS})`
    return refuse('VersionsLimitExceededException', message)
  },
})

const getPolicyVersion = defineOperation({
  name: 'GetPolicyVersion',
  method: 'GET',
  path: '/policies/{policyName}/version/{policyVersionId}',
  input: { policyName: label(POLICY_NAME), policyVersionId: label(POLICY_VERSION_ID) },
  errors: ['ResourceNotFoundException'],
  run: async ({ policyName, policyVersionId: versionId }, { registry, arns, tenant }) => {
    const key = { tenantId: tenant.tenantId, policyName, versionId }
    const version = await registry.getPolicyVersion(key)
    if (version === undefined) return unknownVersion(policyName, versionId)
    return succeed({
      policyArn: arns.format({ kind: 'policy', policyName }),
      policyName,
      policyDocument: version.document,
      policyVersionId: version.versionId,
      isDefaultVersion: version.isDefault,
      creationDate: epochSeconds(version.createdAt),
      // A version never changes; which one is the default is the policy's affair.
      lastModifiedDate: epochSeconds(version.createdAt),
      generationId: version.generationId,
    })
  },
})

const listPolicyVersions = defineOperation({
  name: 'ListPolicyVersions',
  method: 'GET',
  path: '/policies/{policyName}/version',
  input: { policyName: label(POLICY_NAME) },
  errors: ['ResourceNotFoundException'],
  run: async ({ policyName }, { registry, tenant }) => {
    const versions = await registry.listPolicyVersions({ tenantId: tenant.tenantId, policyName })
    if (versions === undefined) return unknownPolicy(policyName)
    const policyVersions = versions.toReversed().map((version) => ({
      versionId: version.versionId,
      isDefaultVersion: version.isDefault,
      createDate: epochSeconds(version.createdAt),
    }))
    return succeed({ policyVersions })
  },
})

const deletePolicyVersion = defineOperation({
  name: 'DeletePolicyVersion',
  method: 'DELETE',
  path: '/policies/{policyName}/version/{policyVersionId}',
  input: { policyName: label(POLICY_NAME), policyVersionId: label(POLICY_VERSION_ID) },
  errors: ['ResourceNotFoundException', 'DeleteConflictException'],
  run: async ({ policyName, policyVersionId: versionId }, { registry, tenant }) => {
    const key = { tenantId: tenant.tenantId, policyName, versionId }
    const outcome = await registry.deletePolicyVersion(key)
    if (outcome.ok) return succeed()
    if (outcome.conflict === 'policy-unknown') return unknownPolicy(policyName)
    if (outcome.conflict === 'version-unknown') return unknownVersion(policyName, versionId)
    const message = `Cannot delete the default version of a policy (name=${policyName})`
    return refuse('DeleteConflictException', message)
  },
})

const setDefaultPolicyVersion = defineOperation({
  name: 'SetDefaultPolicyVersion',
  method: 'PATCH',
  path: '/policies/{policyName}/version/{policyVersionId}',
  input: { policyName: label(POLICY_NAME), policyVersionId: label(POLICY_VERSION_ID) },
  errors: ['ResourceNotFoundException', 'MalformedPolicyException'],
  run: async ({ policyName, policyVersionId: versionId }, { registry, tenant }) => {
    const key = { tenantId: tenant.tenantId, policyName, versionId }
    const version = await registry.getPolicyVersion(key)
    if (version === undefined) return unknownVersion(policyName, versionId)
    const unrenderable = refuseSessionTemplate(version.document)
    const { generationId } = version
    const judged = { ...key, generationId, rendersAsSessionPolicy: unrenderable === undefined }
    const outcome = await registry.setDefaultPolicyVersion(judged)
    if (outcome.ok) return succeed()
    if (outcome.conflict === 'policy-unknown') return unknownPolicy(policyName)
    if (outcome.conflict === 'limits-role-alias') return limitsRoleAlias(unrenderable)
    // The version that was asked for has gone; under its name and number there may be another.
    return unknownVersion(policyName, versionId)
  },
})

/** Versions of policies. */
export const POLICY_VERSION_OPERATIONS = [
  createPolicyVersion,
  getPolicyVersion,
  listPolicyVersions,
  deletePolicyVersion,
  setDefaultPolicyVersion,
]

function unknownVersion(policyName: PolicyName, versionId: string) {
  const message = `Policy version not found (name=${policyName}, version=${versionId})`
  return refuse('ResourceNotFoundException', message)
}

/** The registry refuses a default version as session policy only where it was told that it cannot be one. */
function limitsRoleAlias(unrenderable: Refused<'MalformedPolicyException'> | undefined) {
  if (unrenderable !== undefined) return unrenderable
  throw new Fault('REGISTRY_INCONSISTENT', 'a policy that can be rendered was refused')
}
