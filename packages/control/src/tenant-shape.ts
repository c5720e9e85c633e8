import { isBrokerOwned } from '@thingpass/core/session/session-values'
import { listOf, required, structure } from './compound-shape.ts'
import { body } from './members.ts'
import { flag, integer, oneOf, type Shape, text, wrongType } from './shape.ts'

/** The members of a tenant's record that an administrator writes. Names of roles, keys and APIs are patterns with `*` and `?`, matched per ARN segment. */

const MOST_ENTRIES = 50

/** Account and path may be patterns; partition, service and the word `role` may not, so that a typing error opens nothing. */
const ROLE_ARN_PATTERN = text({
  shortest: 20,
  longest: 2048,
  pattern: /^arn:aws[a-zA-Z-]*:iam::[0-9*?]{1,12}:role\/[a-zA-Z0-9_+=,.@/*?-]+$/,
})
const API_ARN_PATTERN = text({
  shortest: 20,
  longest: 2048,
  pattern:
    /^arn:aws[a-zA-Z-]*:execute-api:[a-z0-9*?-]{1,32}:[0-9*?]{1,12}:[a-z0-9*?]{1,32}\/[!-~]{1,1900}$/,
})

/** Characters and length: STS API model (tagKeyType). */
const TAG_KEY = text({ shortest: 1, longest: 128, pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u })

/** A key that the tenant's session profiles may set: never one that AWS or this service gives a meaning. */
const SESSION_TAG_KEY: Shape<string> = {
  wire: 'String',
  read: (json, at, report) => {
    const key = TAG_KEY.read(json, at, report)
    if (key !== undefined && isBrokerOwned(key))
      report({ at, constraint: 'Member must not begin with a reserved prefix' })
    return key
  },
}

/** Requests per second; fractions are allowed. */
const RATE: Shape<number> = {
  wire: 'Integer',
  read: (json, at, report) => {
    if (typeof json !== 'number') return wrongType('Integer', json, at, report)
    const fits = json >= SLOWEST_RATE && json <= FASTEST_RATE
    const constraint = `Member must be a number from ${SLOWEST_RATE} to ${FASTEST_RATE}`
    if (!fits) report({ at, constraint })
    return json
  },
}
const SLOWEST_RATE = 0.001
const FASTEST_RATE = 1_000_000

/** What a POST and a PUT have in common. The external id is ours to make, and no member of either. */
export const TENANT_SETTINGS = {
  roleArnPatterns: body(listOf(ROLE_ARN_PATTERN, 0, MOST_ENTRIES)),
  sessionTagKeys: body(listOf(SESSION_TAG_KEY, 0, MOST_ENTRIES)),
  certificatesWithoutCa: body(flag()),
  apiArnPatterns: body(listOf(API_ARN_PATTERN, 0, MOST_ENTRIES)),
  rateLimit: body(
    structure({ perSecond: required(RATE), burst: required(integer(1, FASTEST_RATE)) }),
  ),
  defaultThing: body(oneOf(['never', 'exclusive'])),
  inactiveCaRefusesDevices: body(flag()),
  revocationListRequired: body(flag()),
  authorizerRequiresThing: body(flag()),
} as const

/** Whether a tenant's devices are served. */
export const TENANT_STATUS = oneOf(['ENABLED', 'DISABLED'])
