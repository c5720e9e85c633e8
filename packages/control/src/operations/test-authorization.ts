import type { PolicyName } from '@thingpass/core/names'
import { deviceContext } from '@thingpass/core/policy/device-context'
import { parsePolicyDocument } from '@thingpass/core/policy/document'
import { createRequestContext, type RequestContext } from '@thingpass/core/policy/request-context'
import { isOutOfSteps } from '@thingpass/core/policy/step-meter'
import { refuse, succeed } from '../api-error.ts'
import { listOf, required, structure, unsupportedText, type ValueOf } from '../compound-shape.ts'
import { ARN, POLICY_NAME } from '../fields.ts'
import {
  type ActionType,
  type AuthorizationResult,
  createCallMeter,
  judgeAuthorization,
  TESTED_ACTIONS,
  type TestedPolicy,
} from '../judge-authorization.ts'
import { body, needed, query } from '../members.ts'
import { defineOperation, type OperationContext } from '../operation.ts'
import { oneOf, text } from '../shape.ts'
import { readTestedDevice, type TestedDevice } from '../tested-device.ts'
import { unknownPolicy } from './policies.ts'

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
    const device = await readTestedDevice(input, context)
    if (!device.ok) return device
    const policies = await readPolicies(device, input, context)
    if (!('own' in policies)) return unknownPolicy(policies.unknown)
    const meter = createCallMeter()
    const authResults = input.authInfos.map((authInfo) => {
      const mqtt = authInfo.actionType !== 'ASSUME_ROLE_WITH_CERTIFICATE'
      const variables = contextOf(device, { mqtt, clientId: input.clientId }, context)
      const action = TESTED_ACTIONS[authInfo.actionType]
      const test = { action, resources: authInfo.resources, context: variables }
      const judged = mqtt ? [...policies.own, ...policies.ofThing] : policies.own
      return describe(authInfo, judgeAuthorization(judged, test, meter), context)
    })
    return isOutOfSteps(meter) ? TOO_MUCH : succeed({ authResults })
  },
})

/** A result would say that policies deny what they were not asked to their end. */
const TOO_MUCH = refuse(
  'InvalidRequestException',
  'The policies take too long for so many resources: ask for fewer at once',
)

/** Tests of what a certificate's policies allow. */
export const TEST_AUTHORIZATION_OPERATIONS = [testAuthorizationOperation]

type AuthInfo = ValueOf<typeof AUTH_INFO_FIELDS>

type TestedPolicies = {
  readonly own: readonly TestedPolicy[]
  /** Those that only the thing of an MQTT connection brings along. */
  readonly ofThing: readonly TestedPolicy[]
}

/** A policy that was deleted meanwhile is as unknown as one that the caller made up. */
async function readPolicies(
  device: TestedDevice,
  asked: {
    readonly policyNamesToAdd: readonly PolicyName[] | undefined
    readonly policyNamesToSkip: readonly PolicyName[] | undefined
  },
  context: OperationContext,
): Promise<TestedPolicies | { readonly unknown: PolicyName }> {
  const skipped = new Set(asked.policyNamesToSkip)
  const own = new Set(
    [...device.policyNames, ...(asked.policyNamesToAdd ?? [])].filter((name) => !skipped.has(name)),
  )
  const ofThing = (device.thing?.policyNames ?? []).filter((name) => !skipped.has(name))
  const read = new Map<PolicyName, TestedPolicy>()
  for (const policyName of [...own, ...ofThing]) {
    const policy = await readPolicy(policyName, context)
    if (policy === undefined) return { unknown: policyName }
    read.set(policyName, policy)
  }
  const all = [...read.values()]
  return { own: all.slice(0, own.size), ofThing: all.slice(own.size) }
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

/**
 * What is known of the request; nothing of the devices of a group. Only an MQTT client has an id, and by it a thing: who asks for credentials
 * names its thing in a header, which this operation does not have.
 */
function contextOf(
  { certificate, thing }: TestedDevice,
  { mqtt, clientId }: { readonly mqtt: boolean; readonly clientId: string | undefined },
  { tenant, sourceIp, ports }: OperationContext,
): RequestContext {
  const [hostName = ''] = ports.settings.credentialsEndpoint.split(':')
  const { tenantId } = tenant
  const device = certificate && {
    ...{ certificate, tenantId, hostName, sourceIp, now: ports.clock() },
    ...(mqtt && thing ? { thing: { record: thing.record, attached: true } } : {}),
  }
  const entries = device ? deviceContext(device).entries : []
  return createRequestContext(
    mqtt && clientId !== undefined ? [...entries, ['iot:ClientId', clientId]] : entries,
  )
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
