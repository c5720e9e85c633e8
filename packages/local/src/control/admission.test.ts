import { expect, test } from 'vitest'
import type { RawRequest } from '../sigv4/raw-request.ts'
import { createAdmission } from './admission.ts'

const caller = {
  ...{ arn: 'arn:aws:iam::123456789012:user/default', accessKeyId: 'AKIADEFAULT' },
  reach: 'all' as const,
}
const admit = createAdmission(() => ({
  ...{ verified: true, caller, accessKeyId: caller.accessKeyId },
  ...{ region: 'us-east-1', service: 'iot' },
}))
const requestOf = (query: string): RawRequest => ({
  ...{ method: 'GET', path: '/things', query, body: Buffer.alloc(0) },
  headers: new Map([['host', ['127.0.0.1']]]),
})

test('an admitted request has its parameters as they were signed', () => {
  expect(admit(requestOf('?b=1&a=2'))).toEqual({
    admitted: true,
    caller,
    query: [
      ['?b', '1'],
      ['a', '2'],
    ],
  })
})

test('a query that cannot be read is not admitted, whoever verified it', () => {
  expect(admit(requestOf('a=%ff'))).toMatchObject({
    admitted: false,
    refusal: { status: 403, code: 'InvalidSignatureException' },
  })
})
