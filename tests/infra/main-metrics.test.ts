import { spawn } from 'node:child_process'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { outputOf } from './child-output.ts'
import { emittedMetrics } from './emitted-metrics.ts'
import { environmentOf } from './environment-of.ts'
import { HANDLERS } from './handlers.ts'
import { withLoadBalancer } from './load-balancer-setting.ts'
import { ROOT } from './materialise-platform.ts'
import type { ProgramState } from './program-state.ts'
import { runVariants } from './run-variants.ts'

let state: ProgramState
beforeAll(async () => {
  const id = 'with a load balancer'
  const variants = await runVariants([{ id, stage: 'dev', edits: [withLoadBalancer()] }])
  state = variants.stateOf(id)
}, 120_000)

type Name = keyof typeof HANDLERS
const requestContext = {
  requestId: 'r-1',
  apiId: 'abc123',
  stage: '$default',
  http: { method: 'GET', path: '/whoami', sourceIp: '192.0.2.1' },
}

/** Requests without a certificate: they are refused before anything is asked of anybody. */
const EVENTS: Partial<Record<Name, (hostName: string) => object>> = {
  Credentials: (domainName) => ({
    version: '2.0',
    rawPath: '/role-aliases/camera/credentials',
    headers: {},
    requestContext: { ...requestContext, domainName },
  }),
  CredentialsLoadBalancer: (host) => ({
    httpMethod: 'GET',
    path: '/role-aliases/camera/credentials',
    multiValueHeaders: { host: [host], 'x-forwarded-for': ['192.0.2.1'] },
  }),
  Authorizer: (domainName) => ({
    version: '2.0',
    routeArn: 'arn:aws:execute-api:eu-central-1:123456789012:abc123/$default/GET/whoami',
    rawPath: '/whoami',
    headers: {},
    requestContext: { ...requestContext, domainName },
  }),
}

/** Runs a function's main in the environment that the program gives it, changed or not. */
async function run(
  name: Name,
  changed: Readonly<Record<string, string | undefined>> = {},
): Promise<{ readonly code: number | null; readonly output: string; readonly errors: string }> {
  const environment = { ...environmentOf(state, `${name}Function`), ...changed }
  const event = EVENTS[name]?.(environment.THINGPASS_HOST_NAMES ?? '') ?? {}
  const main = path.join(ROOT, `${HANDLERS[name].replace(/\.handler$/, '')}.ts`)
  const program = path.join(import.meta.dirname, 'main-metrics.main.ts')
  const child = spawn(process.execPath, ['--no-warnings', program, main, JSON.stringify(event)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment,
  })
  return outputOf(child)
}

describe('a function that is started as it is deployed', () => {
  test.each(Object.keys(EVENTS) as Name[])(
    '%s writes a refusal where the alarms of its stage look',
    async (name) => {
      const { code, output, errors } = await run(name)
      expect(code, errors).toBe(0)
      const { _aws, decision, reason } = JSON.parse(output)
      expect({ decision, reason }).toEqual({ decision: 'deny', reason: 'certificate-missing' })
      const [{ Namespace, Metrics }] = _aws.CloudWatchMetrics
      expect(emittedMetrics(state)).toContain(`${Namespace} ${Metrics[0].Name}`)
    },
  )

  test.each(Object.keys(HANDLERS).filter((name) => name !== 'Control') as Name[])(
    '%s does not start without the namespace of its stage',
    async (name) => {
      const { code, errors } = await run(name, { THINGPASS_METRIC_NAMESPACE: undefined })
      expect(code).not.toBe(0)
      expect(errors).toContain('THINGPASS_METRIC_NAMESPACE is missing or invalid')
    },
  )

  test.each([undefined, 'X-Amzn-Mtls-Clientcert'])(
    'behind a load balancer does not start with %s for the name of the certificate header',
    async (name) => {
      const changed = { THINGPASS_CERTIFICATE_HEADER: name }
      const { code, errors } = await run('CredentialsLoadBalancer', changed)
      expect(code).not.toBe(0)
      expect(errors).toContain('THINGPASS_CERTIFICATE_HEADER is missing or invalid')
    },
  )
})
