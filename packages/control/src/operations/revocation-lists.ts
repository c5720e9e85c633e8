import type { Clock } from '@thingpass/core/ports'
import {
  LONGEST_GRACE_SECONDS,
  type RevocationListDescription,
} from '@thingpass/core/registry-writes/revocation-lists'
import { refuse, succeed } from '../api-error.ts'
import { CA_CERTIFICATE_ID } from '../certificate-fields.ts'
import { body, label, needed } from '../members.ts'
import { defineOperation } from '../operation.ts'
import { epochSeconds } from '../output.ts'
import { readRevocationList } from '../revocation-list.ts'
import { integer, text } from '../shape.ts'
import { unknownCa } from './ca-certificates.ts'

const PATH = '/thingpass/cacertificate/{caCertificateId}/crl'
const IDENTITY = { caCertificateId: label(CA_CERTIFICATE_ID) } as const

/**
 * Longest list as it is sent: 5.5 MiB, PEM or base64, some 100,000 entries with serial numbers of 20 octets and no reasons. What comes through Lambda as one
 * event has at most 6 MB. Source: AWS Lambda quotas (synchronous invocation payload).
 */
const LONGEST_LIST = 5_767_168

const putRevocationList = defineOperation({
  name: 'PutRevocationList',
  method: 'PUT',
  path: PATH,
  strict: true,
  input: {
    ...IDENTITY,
    crl: needed(body(text({ shortest: 1, longest: LONGEST_LIST, repeated: false }))),
    graceSeconds: body(integer(0, LONGEST_GRACE_SECONDS)),
  },
  errors: ['ResourceNotFoundException', 'ConflictException'],
  run: async ({ caCertificateId, crl, graceSeconds = 0 }, context) => {
    const { registry, tenant } = context
    const identity = { tenantId: tenant.tenantId, caCertificateId }
    const ca = await registry.getCa(identity)
    if (ca === undefined) return unknownCa(caCertificateId)
    const read = readRevocationList(crl, ca, context)
    if (!read.ok) return read
    const { list } = read
    const outcome = await registry.putRevocationList({
      ...identity,
      list: { ...list, graceSeconds },
    })
    if (outcome.ok) {
      const { number, entryCount } = list
      return succeed({ number: String(number), entryCount, changed: outcome.changed })
    }
    switch (outcome.conflict) {
      case 'ca-unknown':
        return unknownCa(caCertificateId)
      case 'list-of-other-issuer':
        return refuse('InvalidRequestException', 'The revocation list has another issuer name')
      case 'list-of-one-shard':
        return refuse(
          'InvalidRequestException',
          'Too many serial numbers of the revocation list have the same beginning of their SHA-256',
        )
      default:
        return refuse('ConflictException', CONFLICTS[outcome.conflict])
    }
  },
})

const CONFLICTS = {
  'list-being-put':
    'Another revocation list is being put for this key, or was and broke off: try again in a minute',
  'list-older': 'A revocation list with a higher number is in force',
  'list-number-reused': 'Another revocation list with this number is in force',
  'key-of-several-names':
    'Another CA certificate with this key has another subject name: revocation lists cannot speak of both',
} as const

const getRevocationList = defineOperation({
  name: 'GetRevocationList',
  method: 'GET',
  path: PATH,
  input: IDENTITY,
  errors: ['ResourceNotFoundException'],
  run: async ({ caCertificateId }, { registry, tenant, ports }) => {
    const identity = { tenantId: tenant.tenantId, caCertificateId }
    const found = await registry.getRevocationList(identity)
    if (!found.ok) return unknownCa(caCertificateId)
    const { list } = found
    return list === undefined ? NO_LIST : succeed(describe(list, ports.clock))
  },
})

/** As certificates show it; leading zeros and capitals make no difference. */
const SERIAL_NUMBER = text({ shortest: 1, longest: 40, pattern: /^[0-9a-fA-F]+$/ })

const checkRevocationList = defineOperation({
  name: 'CheckRevocationList',
  method: 'GET',
  path: `${PATH}/{serialNumber}`,
  input: { ...IDENTITY, serialNumber: label(SERIAL_NUMBER) },
  errors: ['ResourceNotFoundException'],
  run: async ({ caCertificateId, ...sent }, { registry, tenant }) => {
    const serialNumber = sent.serialNumber.toLowerCase().replace(/^0+(?=.)/, '')
    const identity = { tenantId: tenant.tenantId, caCertificateId }
    const found = await registry.isRevoked({ ...identity, serialNumber })
    if (!found.ok) return unknownCa(caCertificateId)
    const { revoked } = found
    return revoked === undefined ? NO_LIST : succeed({ serialNumber, revoked })
  },
})

/** Revocation lists of CAs: ours, not AWS's. There is no way to remove one: a newer list, signed with the CA's key, takes its place. */
export const REVOCATION_LIST_OPERATIONS = [
  putRevocationList,
  getRevocationList,
  checkRevocationList,
]

const NO_LIST = refuse('ResourceNotFoundException', 'The CA has no revocation list')

/** Never the entries. Numbers go beyond what JSON's readers hold, so they are text. */
function describe(list: RevocationListDescription, clock: Clock): object {
  const { number, thisUpdate, nextUpdate, graceSeconds, entryCount, sha256, putAt } = list
  return {
    number: String(number),
    status: statusOf(list, clock()),
    thisUpdate: epochSeconds(thisUpdate),
    nextUpdate: epochSeconds(nextUpdate),
    graceSeconds,
    entryCount,
    sha256,
    lastModifiedDate: epochSeconds(putAt),
  }
}

function statusOf(
  { nextUpdate, graceSeconds }: RevocationListDescription,
  now: Date,
): 'CURRENT' | 'IN_GRACE' | 'EXPIRED' {
  if (now < nextUpdate) return 'CURRENT'
  return now.getTime() < nextUpdate.getTime() + graceSeconds * 1000 ? 'IN_GRACE' : 'EXPIRED'
}
