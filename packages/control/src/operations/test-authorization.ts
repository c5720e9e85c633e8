import type { CertificateFacts } from '@thingpass/core/certificate-facts'
import type { PolicyName } from '@thingpass/core/names'
import { deviceContext } from '@thingpass/core/policy/device-context'
import { parsePolicyDocument } from '@thingpass/core/policy/document'
import { createRequestContext, type RequestContext } from '@thingpass/core/policy/request-context'
import { type Refused, refuse, succeed } from '../api-error.ts'
import { listOf, required, structure, unsupportedText, type ValueOf } from '../compound-shape.ts'
import { ARN, POLICY_NAME } from '../fields.ts'
import {
  type ActionType,
  type AuthorizationResult,
  judgeAuthorization,
  TESTED_ACTIONS,
  type TestedPolicy,
} from '../judge-authorization.ts'
import { body, needed, query } from '../members.ts'
import { defineOperation, type OperationContext } from '../operation.ts'
import { oneOf, text } from '../shape.ts'
import { readStoredCertificate } from '../stored-certificate.ts'
import { unknownPolicy } from './policies.ts'
import { parsePrincipal } from './thing-principals.ts'

const ACTION_TYPES = Object.keys(TESTED_ACTIONS) as readonly ActionType[]
/** Ours; AWS names no bound of resources or policies. */
const MOST_OF_A_LIST = 100

const AUTH_INFO_FIELDS = {
  actionType: required(oneOf(ACTION_TYPES)),
  resources: required(listOf(text({ longest: 2048 }), 1, MOST_OF_A_LIST)),
}
const POLICY_NAMES = listOf(POLICY_NAME, 0, MOST_OF_A_LIST)

const testAuthorizationOperation = defineOperation({
  name: 'TestAuthorization',
  method: 'POST',
  path: '/test-authorization',
  input: {
    principal: needed(body(ARN)),
    cognitoIdentityPoolId: body(unsupportedText('Cognito identities')),
    authInfos: needed(body(listOf(structure(AUTH_INFO_FIELDS), 1, 10))),
    policyNamesToAdd: body(POLICY_NAMES),
    policyNamesToSkip: body(POLICY_NAMES),
    clientId: query(text({ longest: 128 })),
  },
  errors: ['ResourceNotFoundException'],
  run: async (input, context) => {
    const { policyNamesToAdd: added = [], policyNamesToSkip: skipped = [], clientId } = input
    const device = await readDevice(input.principal, context)
    if (!device.ok) return device
    const names = [...new Set([...device.policyNames, ...added])]
    const policies: TestedPolicy[] = []
    for (const policyName of names.filter((name) => !skipped.includes(name))) {
      const policy = await readPolicy(policyName, context)
      if (policy === undefined) return unknownPolicy(policyName)
      policies.push(policy)
    }
    const authResults = input.authInfos.map((authInfo) => {
      const action = TESTED_ACTIONS[authInfo.actionType]
      const variables = contextOf(device.certificate, { authInfo, clientId }, context)
      const test = { action, resources: authInfo.resources }
      return describe(authInfo, judgeAuthorization(policies, test, variables), context)
    })
    return succeed({ authResults })
  },
})

/** Tests of what a certificate's policies allow. */
export const TEST_AUTHORIZATION_OPERATIONS = [testAuthorizationOperation]

type AuthInfo = ValueOf<typeof AUTH_INFO_FIELDS>

type Device =
  | {
      readonly ok: true
      readonly certificate: CertificateFacts
      readonly policyNames: readonly PolicyName[]
    }
  | Refused<'ResourceNotFoundException' | 'InvalidRequestException'>

async function readDevice(principal: string, context: OperationContext): Promise<Device> {
  const reading = parsePrincipal(principal, context.arns)
  if (!reading.ok) return reading
  const { certificateId } = reading
  const stored = await readStoredCertificate(certificateId, context)
  if (!stored.ok) return stored
  const { identified } = stored
  if (!identified.ok) {
    const message = `The certificate cannot be used: ${identified.reason} (id=${certificateId})`
    return refuse('InvalidRequestException', message)
  }
  const target = { kind: 'certificate', certificateId } as const
  const { tenantId } = context.tenant
  const attached = await context.registry.listAttachedPolicies({ tenantId, target })
  const policyNames = attached.ok ? attached.policyNames : []
  return { ok: true, certificate: identified.certificate.facts, policyNames }
}

async function readPolicy(
  policyName: PolicyName,
  { registry, tenant }: OperationContext,
): Promise<TestedPolicy | undefined> {
  const policy = await registry.getPolicy({ tenantId: tenant.tenantId, policyName })
  if (policy === undefined) return undefined
  const parse = parsePolicyDocument(policy.document, 'iot')
  return { policyName, document: parse.ok ? parse.document : undefined }
}

/** No thing takes part: the operation cannot name one, and a certificate may have several. */
function contextOf(
  certificate: CertificateFacts,
  { authInfo, clientId }: { readonly authInfo: AuthInfo; readonly clientId: string | undefined },
  { tenant, sourceIp, ports }: OperationContext,
): RequestContext {
  const [hostName = ''] = ports.settings.credentialsEndpoint.split(':')
  const { tenantId } = tenant
  const device = { certificate, tenantId, hostName, sourceIp, now: ports.clock() }
  const { entries } = deviceContext(device)
  // Only an MQTT client has an id.
  const mqtt = authInfo.actionType !== 'ASSUME_ROLE_WITH_CERTIFICATE' && clientId !== undefined
  return createRequestContext(mqtt ? [...entries, ['iot:ClientId', clientId]] : entries)
}

const DECISIONS = {
  allow: 'ALLOWED',
  explicitDeny: 'EXPLICIT_DENY',
  implicitDeny: 'IMPLICIT_DENY',
} as const satisfies Record<AuthorizationResult['decision'], string>

function describe(
  authInfo: AuthInfo,
  result: AuthorizationResult,
  { arns }: OperationContext,
): object {
  const policiesOf = (names: readonly PolicyName[]) => ({
    policies: names.map((policyName) => ({
      policyName,
      policyArn: arns.format({ kind: 'policy', policyName }),
    })),
  })
  return {
    authInfo,
    allowed: policiesOf(result.allowing),
    denied: { implicitDeny: policiesOf(result.silent), explicitDeny: policiesOf(result.denying) },
    authDecision: DECISIONS[result.decision],
    missingContextValues: result.missing,
  }
}
