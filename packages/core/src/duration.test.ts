import { expect, test } from 'vitest'
import { sessionDuration } from './duration.ts'

test.each([
  ['all it asks', 3600, 3600, 3600, 3600, []],
  ['what the issuer can give', 43_200, 3600, 50_000, 3600, ['issuer-limit']],
  ['what is left of the certificate', 3600, 3600, 1200, 1200, ['certificate-expiry']],
  ['the shorter of both', 7200, 3600, 1200, 1200, ['issuer-limit', 'certificate-expiry']],
  [
    'the shorter of both, the other way round',
    7200,
    900,
    1200,
    900,
    ['issuer-limit', 'certificate-expiry'],
  ],
])('a session lasts %s', (_, asked, issuer, remaining, given, clampedBy) => {
  expect(sessionDuration(asked, issuer, remaining)).toEqual({
    askedSeconds: asked,
    givenSeconds: given,
    clampedBy,
  })
})
