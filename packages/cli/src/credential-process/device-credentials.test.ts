import { expect, test } from 'vitest'
import { processOutput, readDeviceCredentials, readInstant } from './device-credentials.ts'

const credentials = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 'secret',
  sessionToken: 'token',
  expiration: '2026-03-04T05:06:07Z',
}
const read = (changed: object) =>
  readDeviceCredentials(JSON.stringify({ credentials: { ...credentials, ...changed } }))

test('a whole answer is read, whatever else it holds', () => {
  expect(read({ more: {} })).toEqual({
    ...credentials,
    expiration: new Date('2026-03-04T05:06:07Z'),
  })
})

test.each([
  ...Object.keys(credentials).flatMap((name) => [
    { [name]: undefined },
    { [name]: '' },
    { [name]: 1 },
  ]),
  { expiration: 'tomorrow' },
  { expiration: '2026-03-04T05:06:07' },
  { expiration: '2026-13-04T05:06:07Z' },
])('an answer with %j is none', (changed) => {
  expect(read(changed)).toBeUndefined()
})

test.each(['', '{', 'null', '[]', '"credentials"', '{"credentials":null}', '{"message":"m"}'])(
  'the body %j holds none',
  (body) => {
    expect(readDeviceCredentials(body)).toBeUndefined()
  },
)

test('the output is what the SDKs take, in whole seconds that are never rounded up', () => {
  const expiration = new Date('2026-03-04T05:06:07.999Z')
  expect(processOutput({ ...credentials, expiration })).toBe(
    '{"Version":1,"AccessKeyId":"ASIAEXAMPLE","SecretAccessKey":"secret","SessionToken":"token","Expiration":"2026-03-04T05:06:07Z"}\n',
  )
})

test.each([[undefined], [7], ['2026-03-04'], [' 2026-03-04T05:06:07Z'], ['2026-03-04T25:06:07Z']])(
  '%j is no instant',
  (text) => {
    expect(readInstant(text)).toBeUndefined()
  },
)
