import { beforeAll, describe, expect, test } from 'vitest'
import { withLoadBalancer } from './load-balancer-setting.ts'
import { SIGNING } from './mutations-ca-keys.ts'
import type { ProgramState } from './program-state.ts'
import { PROPERTIES } from './properties.ts'
import { CA_KEY_PROPERTIES } from './properties-ca-keys.ts'
import { LOAD_BALANCER_PROPERTIES } from './properties-load-balancer.ts'
import { runVariants, type Variants } from './run-variants.ts'

const STAGES = ['dev', 'production'] as const
/** Stages with the second front door open. */
const BALANCED = STAGES.map((stage) => ({ id: `${stage}, load balancer`, stage }))
/** Stages that sign for tenants. */
const SIGNS = STAGES.map((stage) => ({ id: `${stage}, signing`, stage }))

let variants: Variants
const stateOf = (id: string): ProgramState => variants.stateOf(id)

beforeAll(async () => {
  variants = await runVariants([
    ...STAGES.map((stage) => ({ id: stage, stage })),
    ...BALANCED.map((variant) => ({ ...variant, edits: [withLoadBalancer()] })),
    ...SIGNS.map((variant) => ({ ...variant, edits: [SIGNING] })),
  ])
}, 120_000)

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
        "MetricAlarm": 18,
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
