import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestStack, type TestStack } from '../support/local-stack.ts'

const HTTP_FORBIDDEN = { message: 'Forbidden' }
const REST_FORBIDDEN = {
  Message: 'User is not authorized to access this resource with an explicit deny',
}

describe.each([
  ['http-simple', '$default', HTTP_FORBIDDEN],
  ['http-iam', '$default', HTTP_FORBIDDEN],
  ['rest', 'local', REST_FORBIDDEN],
])('an API whose authorizer is asked as %s', (format, stage, forbidden) => {
  let stack: TestStack
  let device: Awaited<ReturnType<TestStack['deviceOf']>>
  beforeAll(async () => {
    const attributes = ['--authorizer-attribute', 'site', '--authorizer-attribute', 'none']
    stack = await startTestStack(['--authorizer-format', format, ...attributes])
    device = await stack.deviceOf('camera-1')
  })
  afterAll(async () => {
    device.close()
    await stack.close()
  })
  const ask = async (path: string, thing = 'camera-1') => {
    const answer = await device.get(`${stack.url}${path}`, { 'x-amzn-iot-thingname': thing })
    return [answer.status, JSON.parse(answer.body)]
  }
  const lastRecord = async () => (await stack.audited()).at(-1)

  test('learns who calls, with the attributes that were chosen', async () => {
    expect(await ask('/whoami')).toMatchObject([
      200,
      { thingName: 'camera-1', thingTypeName: 'camera', attributes: '{"site":"berlin"}' },
    ])
    const apiArn = `arn:aws:execute-api:us-east-1:123456789012:local/${stage}/GET/whoami`
    expect(await lastRecord()).toMatchObject({ kind: 'authorizer', decision: 'allow', apiArn })
  })

  test('lets nobody in under the name of a thing that is not its own', async () => {
    expect(await ask('/whoami', 'camera-2')).toEqual([403, forbidden])
    expect(await lastRecord()).toMatchObject({ decision: 'deny', reason: 'thing-not-attached' })
  })

  test('T13: reads an escape in the path as its kind of API hands it over', async () => {
    const decodes = format !== 'rest'
    expect(await ask('/who%61mi')).toMatchObject([decodes ? 200 : 403, {}])
    const expected = decodes ? { decision: 'allow' } : { reason: 'path-ambiguous' }
    expect(await lastRecord()).toMatchObject(expected)
  })
})
