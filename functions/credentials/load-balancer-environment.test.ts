import { expect, test } from 'vitest'
import { readLoadBalancerEnvironment } from './load-balancer-environment.ts'

const DIGITS = '0123456789abcdef0123456789abcdef'

test('a function behind a load balancer is told where the certificate stands', () => {
  expect(readLoadBalancerEnvironment({ THINGPASS_CERTIFICATE_HEADER: `X-Cert-${DIGITS}` })).toEqual(
    { certificateHeader: `X-Cert-${DIGITS}` },
  )
})

test.each([undefined, '', 'X-Amzn-Mtls-Clientcert', `X-Secret-${DIGITS}`])(
  'T03: with %j it does not start, and shows no name',
  (name) => {
    expect(() => readLoadBalancerEnvironment({ THINGPASS_CERTIFICATE_HEADER: name })).toThrow(
      expect.objectContaining({
        code: 'CONFIGURATION_INVALID',
        message: 'the environment variable THINGPASS_CERTIFICATE_HEADER is missing or invalid',
      }),
    )
  },
)
