import { beforeAll, describe, expect, test } from 'vitest'
import { withLoadBalancer } from './load-balancer-setting.ts'
import { mutatedCopy } from './mutated-copy.ts'
import { SIGNING } from './mutations-ca-keys.ts'
import type { JobResult, ProgramState } from './program-state.ts'
import { PROPERTIES } from './properties.ts'
import { CA_KEY_PROPERTIES } from './properties-ca-keys.ts'
import { LOAD_BALANCER_PROPERTIES } from './properties-load-balancer.ts'
import { runOffline } from './run-offline.ts'
import { ofType, only, statementsOf } from './statements.ts'

const STAGES = ['dev', 'production'] as const
/** Stages with the second front door open. */
const BALANCED = ['dev', 'production'].map((stage) => ({ id: `${stage}, load balancer`, stage }))
/** What settings add, as a change of their defaults. */
const OPTIONS = {
  'warm and reserved': [
    "credentialsFunction: { memory: '512 MB' }",
    "credentialsFunction: { memory: '512 MB', provisioned: 2, reserved: 50 }",
  ],
  'other roles': [
    "assumableRoles: ['/thingpass/']",
    "assumableRoles: ['/devices/', 'arn:aws:iam::210987654321:role/fleet/', 'arn:aws:iam::210987654321:role/one']",
  ],
  'one tenant': ['  signingTenants: [],', "  signingTenants: [],\n  singleTenant: 'default',"],
  'an address': [
    '  signingTenants: [],',
    "  signingTenants: [],\n  alarmEmail: 'ops@example.com',",
  ],
  'a zone': ["  domain: 'example.com',", "  domain: 'example.com',\n  hostedZoneId: 'Z0123',"],
  'all roles': ["assumableRoles: ['/thingpass/']", "assumableRoles: ['/']"],
  'attributes for routes': [
    "authorizer: { format: 'simple', attributes: [] }",
    "authorizer: { format: 'iam', attributes: ['site', 'floor'] }",
  ],
  'any account': ["assumableRoles: ['/thingpass/']", "assumableRoles: ['arn:aws:iam::*:role/x']"],
} as const
/** Stages that sign for tenants. */
const SIGNS = STAGES.map((stage) => ({ id: `${stage}, signing`, stage }))

let results: ReadonlyMap<string, JobResult>

beforeAll(async () => {
  const options = Object.entries(OPTIONS).map(([id, [from, to]]) => ({
    stage: 'dev',
    ...mutatedCopy(id, [{ file: 'infra/settings.ts', from, to }]),
  }))
  const balanced = BALANCED.map(({ id, stage }) => ({
    stage,
    ...mutatedCopy(id, [withLoadBalancer()]),
  }))
  const signing = SIGNS.map(({ id, stage }) => ({ stage, ...mutatedCopy(id, [SIGNING]) }))
  const copies = [...options, ...balanced, ...signing]
  try {
    const stages = STAGES.map((stage) => ({ id: stage, stage }))
    const all = await runOffline([...stages, ...copies])
    results = new Map(all.map((result) => [result.id, result]))
  } finally {
    for (const { remove } of copies) remove()
  }
}, 60_000)

function stateOf(id: string): ProgramState {
  const result = results.get(id)
  if (result?.ok) return result.state
  throw new Error(result?.error ?? 'not run')
}
const errorOf = (id: string): string => {
  const result = results.get(id)
  return result?.ok === false ? result.error : ''
}

describe.each(STAGES)('stage %s', (stage) => {
  test.each(Object.entries(PROPERTIES))('%s', (_name, holds) => {
    holds(stateOf(stage))
  })

  test('every call that the program makes is answered by a stand-in', () => {
    expect(stateOf(stage).unansweredCalls).toEqual([])
  })

  test('these kinds of resources exist in the account, and no other', () => {
    const kinds = stateOf(stage)
      .resources.filter(({ custom, type }) => custom && type.startsWith('aws:'))
      .map(({ type }) => type.split(':').at(-1))
    const counts = [...new Set(kinds)].map((kind) => [
      kind,
      kinds.filter((each) => each === kind).length,
    ])
    expect(Object.fromEntries(counts)).toMatchInlineSnapshot(`
      {
        "Api": 1,
        "ApiMapping": 1,
        "Authorizer": 1,
        "Bucket": 1,
        "BucketLifecycleConfiguration": 1,
        "BucketObjectv2": 7,
        "BucketPolicy": 1,
        "BucketPublicAccessBlock": 1,
        "BucketVersioning": 1,
        "Certificate": 1,
        "CertificateValidation": 1,
        "Dashboard": 1,
        "Deployment": 1,
        "DomainName": 1,
        "Function": 5,
        "Integration": 5,
        "LogGroup": 7,
        "Method": 2,
        "MethodSettings": 1,
        "MetricAlarm": 16,
        "Permission": 6,
        "Record": 3,
        "Resource": 1,
        "RestApi": 1,
        "Role": 6,
        "Route": 3,
        "Schedule": 1,
        "Stage": 2,
        "Table": 1,
        "Topic": 1,
      }
    `)
  })
})

describe.each(SIGNS)('stage $id', ({ id }) => {
  test.each(Object.entries(CA_KEY_PROPERTIES))('%s', (_name, holds) => {
    holds(stateOf(id))
  })
})

describe.each(BALANCED)('stage $id', ({ id }) => {
  test.each(Object.entries({ ...PROPERTIES, ...LOAD_BALANCER_PROPERTIES }))(
    '%s',
    (_name, holds) => {
      holds(stateOf(id))
    },
  )

  test('every call that the program makes is answered by a stand-in', () => {
    expect(stateOf(id).unansweredCalls).toEqual([])
  })

  test('what is in the account beside the rest', () => {
    const kinds = (state: ProgramState) =>
      state.resources
        .filter(({ custom, type }) => custom && type.startsWith('aws:'))
        .map(
          ({ type, name }) => `${type.split(':').at(-1)} ${name.replace(/Record\w+$/, 'Record')}`,
        )
    const without = new Set(kinds(stateOf(stateOf(id).app.stage)))
    expect(kinds(stateOf(id)).filter((kind) => !without.has(kind))).toMatchInlineSnapshot(`
      [
        "LogGroup CredentialsLoadBalancerLogGroup",
        "MetricAlarm LoadBalancerErrors",
        "MetricAlarm LoadBalancerFailures",
        "MetricAlarm LoadBalancerThrottles",
        "SecurityGroup DeviceBalancerFirewall",
        "Role CredentialsLoadBalancerRole",
        "Function CredentialsLoadBalancerFunction",
        "Permission DeviceBalancerPermission",
        "Listener DeviceBalancerListener",
        "LoadBalancer DeviceBalancer",
        "TargetGroup DeviceBalancerTargets",
        "TargetGroupAttachment DeviceBalancerTarget",
        "Record DeviceBalancerAAAARecord",
        "Record DeviceBalancerARecord",
        "Bucket LoadBalancerLogs",
        "BucketLifecycleConfiguration LoadBalancerLogsLifecycle",
        "BucketObjectv2 CredentialsLoadBalancerCode",
        "BucketPolicy LoadBalancerLogsPolicy",
        "BucketPublicAccessBlock LoadBalancerLogsPrivacy",
      ]
    `)
  })
})

test('stages share no name that the account or the world holds once', () => {
  const [dev, production] = STAGES.map((stage) =>
    stateOf(stage)
      .resources.filter(({ type }) => !type.endsWith(':ApiMapping')) // names its domain by a stand-in's id
      .flatMap(({ inputs }) => [inputs.name, inputs.domainName])
      .filter((name) => name !== undefined && name !== '$default'),
  )
  expect(dev?.length).toBeGreaterThan(10)
  expect(dev?.filter((name) => production?.includes(name))).toEqual([])
})

describe('settings', () => {
  test('instances can be kept warm, for the version that is called, and held back', () => {
    const state = stateOf('warm and reserved')
    const warm = only(state, 'aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig')
    expect(warm.inputs).toMatchObject({ provisionedConcurrentExecutions: 2, qualifier: '1' })
    const { inputs } = only(state, 'aws:lambda/function:Function', 'CredentialsFunction')
    expect(inputs).toMatchObject({ publish: true, reservedConcurrentExecutions: 50 })
  })

  test('roles may be another path of the account, a path of another account, or one role', () => {
    const statements = statementsOf(
      only(stateOf('other roles'), 'aws:iam/role:Role', 'CredentialsRole'),
    )
    const { Resource } = statements.find(({ Sid }) => Sid === 'AssumeDeviceRoles') ?? {}
    expect(Resource).toEqual([
      'arn:aws:iam::123456789012:role/devices/*',
      'arn:aws:iam::210987654321:role/fleet/*',
      'arn:aws:iam::210987654321:role/one',
    ])
  })

  test.each(['all roles', 'any account'])('roles may not be %s', (id) => {
    expect(errorOf(id)).toContain('is neither path nor role ARN')
  })

  test('a deployment for one tenant tells its function', () => {
    const { inputs } = only(
      stateOf('one tenant'),
      'aws:lambda/function:Function',
      'CredentialsFunction',
    )
    expect(inputs.environment.variables.THINGPASS_SINGLE_TENANT).toBe('default')
  })

  test('alarms go to an address', () => {
    const { inputs } = only(stateOf('an address'), 'aws:sns/topicSubscription:TopicSubscription')
    expect(inputs).toMatchObject({ protocol: 'email', endpoint: 'ops@example.com' })
  })

  test('a zone can be named', () => {
    const zones = ofType(stateOf('a zone'), 'aws:route53/record:Record').map(
      ({ inputs }) => inputs.zoneId,
    )
    expect(new Set(zones)).toEqual(new Set(['Z0123']))
  })

  test('routes behind the authorizer are told attributes, and it answers as the API takes it', () => {
    const state = stateOf('attributes for routes')
    const { inputs } = only(state, 'aws:lambda/function:Function', 'AuthorizerFunction')
    expect(inputs.environment.variables).toMatchObject({
      THINGPASS_AUTHORIZER_FORMAT: 'http-iam',
      THINGPASS_AUTHORIZER_ATTRIBUTES: 'site floor',
    })
    const authorizer = only(state, 'aws:apigatewayv2/authorizer:Authorizer')
    expect(authorizer.inputs.enableSimpleResponses).toBe(false)
  })
})
