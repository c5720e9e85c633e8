import { beforeAll, expect, test } from 'vitest'
import { withLoadBalancer } from './load-balancer-setting.ts'
import type { ProgramState } from './program-state.ts'
import { PROPERTIES } from './properties.ts'
import { runVariants, type Variants } from './run-variants.ts'
import { ofType, only, statementsOf } from './statements.ts'

/** What settings add, as a change of their defaults. */
const OPTIONS = {
  'warm and reserved': [
    "credentialsFunction: { memory: '512 MB' }",
    "credentialsFunction: { memory: '512 MB', provisioned: 2, reserved: 50 }",
  ],
  'calls through the SDK': [
    "credentialsFunction: { memory: '512 MB' }",
    "credentialsFunction: { memory: '512 MB', awsSdk: true }",
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
  'a warm authorizer': [
    "authorizerFunction: { memory: '512 MB' }",
    "authorizerFunction: { memory: '1024 MB', provisioned: 2, reserved: 50 }",
  ],
} as const
/** What a user writes to have a route of their own. */
const OWN_ROUTE = {
  file: 'infra/protected-routes.ts',
  from: "protectedRoute('GET /whoami', whoami)",
  to: "protectedRoute('GET /whoami', whoami)\nprotectedRoute('PUT /readings/{thing}', whoami)",
}

/** A second front door whose function may not grow without end: nothing throttles it. */
const HELD_BACK = {
  id: 'a load balancer held back',
  stage: 'dev',
  edits: [
    withLoadBalancer(),
    {
      file: 'infra/settings.ts',
      from: "credentialsFunction: { memory: '512 MB' }",
      to: "credentialsFunction: { memory: '512 MB', provisioned: 1, reserved: 20 }",
    },
  ],
}

let variants: Variants
const stateOf = (id: string): ProgramState => variants.stateOf(id)

beforeAll(async () => {
  const options = Object.entries(OPTIONS).map(([id, [from, to]]) => ({
    id,
    stage: 'dev',
    edits: [{ file: 'infra/settings.ts', from, to }],
  }))
  const added = { id: 'a route of a user', stage: 'dev', edits: [OWN_ROUTE] }
  variants = await runVariants([...options, added, HELD_BACK])
}, 120_000)

test.each([
  ['calls through the SDK', 'functions/credentials/credentials-sdk.main.handler'],
  ['an address', 'functions/credentials/credentials.main.handler'],
])('with %s devices are answered by %s', (id, handler) => {
  const handlers = stateOf(id).builds.map((build) => build.handler)
  expect(handlers.filter((each) => each.startsWith('functions/credentials/'))).toEqual([handler])
})

test('instances can be kept warm, for the version that is called, and held back', () => {
  const state = stateOf('warm and reserved')
  const warm = only(state, 'aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig')
  expect(warm.inputs).toMatchObject({ provisionedConcurrentExecutions: 2, qualifier: '1' })
  const { inputs } = only(state, 'aws:lambda/function:Function', 'CredentialsFunction')
  expect(inputs).toMatchObject({ publish: true, reservedConcurrentExecutions: 50 })
})

test('the authorizer, too, can be kept warm and held back', () => {
  const state = stateOf('a warm authorizer')
  const warm = only(state, 'aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig')
  expect(warm.inputs).toMatchObject({
    provisionedConcurrentExecutions: 2,
    functionName: 'thingpass-dev-authorizer',
    qualifier: '1',
  })
  const { inputs } = only(state, 'aws:lambda/function:Function', 'AuthorizerFunction')
  expect(inputs).toMatchObject({ memorySize: 1024, reservedConcurrentExecutions: 50 })
})

test('a route that a user adds in the one place for it is behind the authorizer', () => {
  const state = stateOf('a route of a user')
  const routes = ofType(state, 'aws:apigatewayv2/route:Route')
  const added = routes.find(({ inputs }) => inputs.routeKey === 'PUT /readings/{thing}')
  expect(added?.inputs.authorizationType).toBe('CUSTOM')
  for (const holds of Object.values({ ...PROPERTIES })) holds(state)
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
  expect(variants.errorOf(id)).toContain('is neither path nor role ARN')
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

test('behind a load balancer, instances are held back and none are kept warm', () => {
  const state = stateOf('a load balancer held back')
  const { inputs } = only(state, 'aws:lambda/function:Function', 'CredentialsLoadBalancerFunction')
  expect(inputs.reservedConcurrentExecutions).toBe(20)
  expect(inputs.publish ?? false).toBe(false)
  const warm = ofType(
    state,
    'aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig',
  ).map((each) => each.inputs.functionName)
  expect(warm).toEqual(['thingpass-dev-credentials'])
})
