import { expect, test } from 'vitest'
import { runProgram } from '../program.ts'

async function policy(...args: readonly string[]) {
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
  return { code: await runProgram(['tenants', 'policy', ...args], io), ...printed }
}

const ENDPOINT = 'https://abc123.execute-api.eu-central-1.amazonaws.com/live'
const ACCOUNT = ['--account', '123456789012'] as const
const resourcesOf = (out: string): readonly string[] =>
  JSON.parse(out).Statement.flatMap(({ Resource }: { Resource: string[] }) => Resource)

test('the policy names the API and the stage of the endpoint, and the tenant alone', async () => {
  const { code, out, err } = await policy('acme', ...ACCOUNT, '--endpoint', ENDPOINT)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(resourcesOf(out)).toContain(
    'arn:aws:execute-api:eu-central-1:123456789012:abc123/live/GET/t/acme/*',
  )
  for (const resource of resourcesOf(out)) expect(resource).toContain('/t/acme/*')
})

test('the tenant of the command line does not count for the one that is asked about', async () => {
  const args = ['--endpoint', ENDPOINT, '--tenant', 'other']
  const { out } = await policy('acme', ...ACCOUNT, ...args)
  expect(out).toContain('abc123/live/GET/t/acme/*')
  expect(out).not.toContain('other')
})

test.each([
  ['cn-north-1', 'arn:aws-cn:'],
  ['us-gov-west-1', 'arn:aws-us-gov:'],
  ['us-east-1', 'arn:aws:'],
])('in %s the ARNs begin with %s', async (region, beginning) => {
  const { out } = await policy(
    ...['acme', ...ACCOUNT, '--endpoint', 'https://control.example.com', '--region', region],
    ...['--api-id', 'x1', '--stage', 'prod'],
  )
  for (const resource of resourcesOf(out)) {
    expect(resource).toMatch(`${beginning}execute-api:${region}:123456789012:x1/prod/`)
  }
})

test.each([
  [['acme'], '--account'],
  [['acme', '--account', '1', '--endpoint', ENDPOINT], '--account takes'],
  [['Acme', ...ACCOUNT, '--endpoint', ENDPOINT], '<tenant> takes'],
  [['acme', ...ACCOUNT], '--api-id'],
  [['acme', ...ACCOUNT, '--api-id', 'x1'], '--stage'],
  [['a', ...ACCOUNT, '--tenant', 'b', '--endpoint', ENDPOINT.replace('/live', '')], '--stage'],
  [['acme', ...ACCOUNT, '--api-id', 'X/*', '--stage', 'live'], '--api-id'],
  [['acme', ...ACCOUNT, '--api-id', 'x1', '--stage', '*'], '--stage'],
  [['acme', ...ACCOUNT, '--endpoint', 'nowhere'], '--endpoint takes'],
])('%j is not understood', async (args, told) => {
  const { code, out, err } = await policy(...args)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain(told)
})
