import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestStack, type TestStack } from '../support/local-stack.ts'
import { runCommand } from '../support/run-command.ts'

const SLOW = 60_000

let stack: TestStack
beforeAll(async () => {
  stack = await startTestStack()
}, SLOW)
afterAll(() => stack.close())

function explain(certificateOf: string, ...more: readonly string[]) {
  const { certificate } = stack.filesOf(certificateOf)
  const target = ['--endpoint', stack.controlUrl, '--data-dir', stack.dataDir]
  return runCommand(['explain', ...target, '--certificate', certificate, ...more])
}

test(
  "a device's grant is explained from its certificate file, and ends with 0",
  async () => {
    const { code, out, err } = await explain(
      ...(['camera-1', '--alias', 'demo-camera', '--thing', 'camera-1'] as const),
    )
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^allow {2}HTTP 200\n/)
    expect(out).toContain('role        arn:aws:iam::123456789012:role/thingpass-demo-camera\n')
    expect(out).toContain('  - camera-credentials, statement 0, Allow: matches\n')
  },
  SLOW,
)

test(
  'a refusal is explained for programs, and ends with 1',
  async () => {
    const { code, out } = await explain('camera-1', '--alias', 'demo-admin', '--json')
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ decision: 'deny', reason: 'policy-does-not-allow' })
  },
  SLOW,
)

test(
  "another tenant's certificate is not found; in its own tenant it is",
  async () => {
    const question = [
      'acme-camera-1',
      '--alias',
      'demo-camera',
      '--thing',
      'acme-camera-1',
    ] as const
    const foreign = await explain(...question)
    expect(foreign).toMatchObject({ code: 1, out: '', err: expect.stringContaining('--tenant') })
    expect(await explain(...question, '--tenant', 'acme')).toMatchObject({ code: 0 })
  },
  SLOW,
)

test(
  'the keys of a profile count where AWS’s variables name one',
  async () => {
    const { certificate } = stack.filesOf('camera-1')
    const line = ['explain', '--alias', 'demo-camera', '--certificate', certificate]
    const environment = {
      THINGPASS_ENDPOINT: stack.controlUrl,
      ...{ AWS_SHARED_CREDENTIALS_FILE: join(stack.dataDir, 'aws-credentials') },
      ...{ AWS_PROFILE: 'acme', AWS_CONFIG_FILE: '/nonexistent' },
    }
    const refused = await runCommand(line, environment)
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('user/acme') })
    const own = await runCommand(line, { ...environment, THINGPASS_TENANT: 'acme' })
    expect(own).toMatchObject({ code: 1, err: expect.stringContaining('not be registered') })
  },
  SLOW,
)
