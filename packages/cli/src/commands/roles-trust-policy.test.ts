import {
  BROKER_ARN,
  CAMERA,
  createStsUnderTest,
  rolesOf,
} from '@thingpass/local/sts/testing/sts-under-test'
import { describe, expect, test } from 'vitest'
import type { ControlAnswer } from '../control-client/control-client.ts'
import { runProgram } from '../program.ts'
import { printRoleTrustPolicy, type RolesTrustPolicyOptions } from './roles-trust-policy.ts'

const EXTERNAL_ID = 'thingpass-0123456789abcdef'

function capture() {
  const printed = { out: '', err: '' }
  const io = {
    out: (text: string) => {
      printed.out += text
    },
    err: (text: string) => {
      printed.err += text
    },
    environment: {},
  }
  return { printed, io }
}

async function run(...args: readonly string[]) {
  const { printed, io } = capture()
  return { code: await runProgram(['roles', 'trust-policy', ...args], io), ...printed }
}

/** The command over a control plane that answers this, and the paths it was asked for. */
async function ask(answer: ControlAnswer, changed: Partial<RolesTrustPolicyOptions> = {}) {
  const { printed, io } = capture()
  const paths: string[] = []
  const openControl = () => (call: { readonly path: string }) => {
    paths.push(call.path)
    return Promise.resolve(answer)
  }
  const options = { brokerRole: [BROKER_ARN], ...changed }
  const code = await printRoleTrustPolicy('acme', options, { openControl, io })
  return { code, paths, ...printed }
}

describe('a role with the printed trust policy', () => {
  const call = async (parameters: Readonly<Record<string, string>>, ...args: readonly string[]) => {
    const line = ['acme', '--broker-role', BROKER_ARN, '--external-id', EXTERNAL_ID, ...args]
    const { out } = await run(...line)
    const roles = rolesOf({ ...CAMERA, trustPolicy: JSON.parse(out) })
    return createStsUnderTest({ roles: () => roles }).assume(parameters).status
  }
  const tag = (tenant: string) => ({
    'Tags.member.1.Key': 'thingpass:TenantId',
    'Tags.member.1.Value': tenant,
  })

  test.each([
    [200, 'the external id and the tag of its tenant', { ExternalId: EXTERNAL_ID, ...tag('acme') }],
    [403, 'no external id', tag('acme')],
    [403, "another tenant's external id", { ExternalId: 'thingpass-00', ...tag('acme') }],
    [403, "another tenant's tag", { ExternalId: EXTERNAL_ID, ...tag('other') }],
  ])('answers %d to a broker with %s (T23)', async (status, _what, parameters) => {
    expect(await call(parameters)).toBe(status)
  })

  test('lets a source identity be set only when it was asked for', async () => {
    const parameters = { ExternalId: EXTERNAL_ID, ...tag('acme'), SourceIdentity: 'device-1' }
    expect(await call(parameters)).toBe(403)
    expect(await call(parameters, '--source-identity')).toBe(200)
  })
})

test('several brokers are named, one for each front door', async () => {
  const other = `${BROKER_ARN}-load-balancer`
  const line = ['acme', '--broker-role', BROKER_ARN, other, '--external-id', EXTERNAL_ID]
  const { code, out } = await run(...line)
  expect(code).toBe(0)
  expect(JSON.parse(out).Statement[0].Principal).toEqual({ AWS: [BROKER_ARN, other] })
})

test("the external id is the one in the tenant's record", async () => {
  const { code, paths, out } = await ask({ ok: true, json: { externalId: EXTERNAL_ID } })
  expect({ code, paths }).toEqual({ code: 0, paths: ['/thingpass/tenants/acme'] })
  expect(out).toContain(`"sts:ExternalId": "${EXTERNAL_ID}"`)
})

test('nothing is asked when the external id is given', async () => {
  const { paths } = await ask({ ok: true, json: {} }, { externalId: EXTERNAL_ID })
  expect(paths).toEqual([])
})

test.each<[string, ControlAnswer]>([
  ['is no tenant', { ok: true, json: [] }],
  ['has a number for an external id', { ok: true, json: { externalId: 7 } }],
  ['has an external id that STS refuses', { ok: true, json: { externalId: 'a b' } }],
  ['is that nobody is there', { problem: 'no control plane answers' }],
])('no policy is printed when the answer %s', async (_what, answer) => {
  const { code, out, err } = await ask(answer)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toMatch(/^thingpass: .+\n$/)
})

test.each([
  [['acme'], '--broker-role'],
  [['Acme', '--broker-role', BROKER_ARN], '<tenant> takes'],
  [['acme', '--broker-role', 'arn:aws:iam::123456789012:root'], '--broker-role takes'],
  [['acme', '--broker-role', BROKER_ARN, '*'], '--broker-role takes'],
  [['acme', '--broker-role', BROKER_ARN, '--external-id', '*'], '--external-id'],
])('%j is not understood', async (args, told) => {
  const { code, out, err } = await run(...args)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain(told)
})
