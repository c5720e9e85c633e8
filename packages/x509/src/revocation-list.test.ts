import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nameDer } from '../testing/certificate-names.ts'
import { createCa, issueCertificate } from '../testing/certificates.ts'
import {
  bitString,
  boolean,
  constructed,
  der,
  integer,
  nothing,
  octetString,
  oid,
  primitive,
  sequence,
  set,
} from '../testing/der-writer.ts'
import { createKey, createSigner, type SignatureKind } from '../testing/keys.ts'
import {
  certificateIssuerExtension,
  createRevocationList,
  deltaExtension,
  entryDer,
  NEXT_UPDATE,
  type RevocationListOptions,
  reasonExtension,
  scopeExtension,
  THIS_UPDATE,
  unknownExtension,
} from '../testing/revocation-lists.ts'
import { createIdentify } from './identify.ts'
import {
  parseRevocationList,
  type RevocationList,
  type RevocationListProblem,
} from './revocation-list.ts'

const ca = createCa({ subject: 'Lamp CA' })
const rsaCa = createCa({ subject: 'RSA CA', key: 'RSA-2048' })
const entries = [0x1001n, { serialNumber: 0xfen, reason: 1 }]
const good = createRevocationList(ca, { number: 7n, entries })

const parse = (options: RevocationListOptions, issuer = ca) =>
  parseRevocationList(createRevocationList(issuer, options).der)

function read(options: RevocationListOptions, issuer = ca): RevocationList {
  const list = parse(options, issuer)
  if ('problem' in list) throw new TypeError(list.problem)
  return list
}

/** A list that is broken before it is signed: one field of it replaced. 0 version … 6 extensions. */
function field(index: number, ...replacement: readonly Uint8Array[]): RevocationListOptions {
  return {
    entries,
    editTbs: (fields) => [...fields.slice(0, index), ...replacement, ...fields.slice(index + 1)],
  }
}

/** A list with one entry of this content. */
const entry = (...content: readonly Uint8Array[]) => field(5, sequence(sequence(...content)))
const TIME = der(0x17, Buffer.from('260101000000Z'))
/** An entry with these extensions, each already encoded. */
const entryWith = (...extensions: readonly Uint8Array[]) =>
  entry(integer(1), TIME, sequence(...extensions))
/** A list with these extensions beside a number. */
const numbered = sequence(oid('2.5.29.20'), octetString(integer(1)))
const listWith = (...extensions: readonly Uint8Array[]) =>
  field(6, constructed(0, sequence(numbered, ...extensions)))
const scopeOf = (...content: readonly Uint8Array[]) =>
  listWith(sequence(oid('2.5.29.28'), boolean(true), octetString(sequence(...content))))
const reasonOf = (value: Uint8Array) => entryWith(sequence(oid('2.5.29.21'), octetString(value)))

describe('a list that can be relied on', () => {
  test('says who issued it, its number, its time and what is revoked', () => {
    const { serialNumbers, isSignedBy, ...said } = read({ number: 7n, entries })
    expect(said).toEqual({
      issuerDer: Uint8Array.from(nameDer('Lamp CA')),
      number: 7n,
      thisUpdate: THIS_UPDATE,
      nextUpdate: NEXT_UPDATE,
      entryCount: 2,
    })
    expect([...serialNumbers()]).toEqual(['1001', 'fe'])
    expect([...serialNumbers()], 'a second time').toEqual(['1001', 'fe'])
    expect(isSignedBy(ca.publicKey)).toBe(true)
  })

  test('revokes nothing where it has no entries', () => {
    const list = read({})
    expect(list.entryCount).toBe(0)
    expect([...list.serialNumbers()]).toEqual([])
  })

  test.each([0n, 1n, 0xfn, 0x80n, 0xabcn, (1n << 159n) + 1n, (1n << 160n) - 1n])(
    'writes serial number %i as the facts of a certificate do (T28)',
    (serialNumber) => {
      const identified = createIdentify()(issueCertificate(ca, { serialNumber }).der)
      const facts = identified.ok ? identified.certificate.facts : undefined
      expect([...read({ entries: [serialNumber] }).serialNumbers()]).toEqual([facts?.serialNumber])
    },
  )

  test.each([0n, 1n, 0x7fn, 0x80n, (1n << 160n) - 1n])('has number %i', (number) => {
    expect(read({ number }).number).toBe(number)
  })

  test.each<[string, RevocationListOptions]>([
    ['no authority key id', { authorityKeyId: false }],
    ['an unknown extension', { extensions: [unknownExtension(false)] }],
    [
      'only certificates of users',
      { extensions: [scopeExtension({ onlyUserCertificates: true })] },
    ],
    ['a reason', { entries: [{ serialNumber: 1n, reason: 0 }] }],
    ['the last reason', { entries: [{ serialNumber: 1n, reason: 10 }] }],
    ['a certificate on hold', { entries: [{ serialNumber: 1n, reason: 6 }] }],
    [
      'an unknown extension of an entry',
      { entries: [{ serialNumber: 1n, extensions: [unknownExtension(false)] }] },
    ],
    ['an end after 2049', { nextUpdate: new Date('2050-01-01T00:00:00Z') }],
    ['an end a second later', { nextUpdate: new Date(THIS_UPDATE.getTime() + 1000) }],
  ])('may have %s', (_, options) => {
    expect(parse(options)).not.toHaveProperty('problem')
  })

  test('is not changed by what becomes of the bytes', () => {
    const bytes = Buffer.from(good.der)
    const list = parseRevocationList(bytes) as RevocationList
    bytes.fill(0)
    expect([...list.serialNumbers()]).toEqual(['1001', 'fe'])
    expect(list.isSignedBy(ca.publicKey)).toBe(true)
  })
})

describe('the signature', () => {
  test.each<[SignatureKind, typeof ca]>([
    ['sha256', ca],
    ['sha384', ca],
    ['sha512', ca],
    ['sha256', rsaCa],
    ['sha512', rsaCa],
    ['pss-sha256', rsaCa],
    ['pss-sha512', rsaCa],
  ])('%s is verified (T28)', (signature, issuer) => {
    const list = read({ signature, entries }, issuer)
    expect(list.isSignedBy(issuer.publicKey)).toBe(true)
    expect(list.isSignedBy(createKey('P-256').publicKey)).toBe(false)
  })

  test('of another CA with the same name does not verify (T28)', () => {
    const rogue = createCa({ subject: 'Lamp CA' })
    expect(read({}, rogue).isSignedBy(ca.publicKey)).toBe(false)
  })

  test.each([
    ['no octets', Buffer.of()],
    ['a key of another kind', rsaCa.publicKey],
    ['what is no key', Buffer.from('key')],
    ['a key that nothing is signed with', createKey('Ed25519').publicKey],
  ])('does not verify with %s', (_, key) => {
    expect(read({}).isSignedBy(key)).toBe(false)
  })

  test('does not verify where it has no octets', () => {
    const list = read({
      editList: ([tbs, algorithm]) => [tbs!, algorithm!, bitString(Buffer.of())],
    })
    expect(list.isSignedBy(ca.publicKey)).toBe(false)
  })

  test('does not survive that a bit is turned anywhere (T28)', () => {
    fc.assert(
      fc.property(fc.nat(good.der.length * 8 - 1), (bit) => {
        const bytes = Buffer.from(good.der)
        bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        const list = parseRevocationList(bytes)
        return 'problem' in list || !list.isSignedBy(ca.publicKey)
      }),
      { numRuns: 500 },
    )
  })
})

// What each refused list has different from a good one. A problem without a row does not compile.
const refused: Record<
  Exclude<RevocationListProblem, 'pem-label-crl'>,
  Record<string, RevocationListOptions>
> = {
  'too-large': { 'more than 8 MiB': field(2, Buffer.alloc(8 * 1024 * 1024)) },
  'too-many-entries': {
    'one more than 200,000': {
      entries: Array.from({ length: 200_001 }, (_, serial) => BigInt(serial)),
    },
  },
  version: {
    'version 1': { version: 1, editTbs: (fields) => fields },
    'version 1 with entries': { version: 1, entries },
    'version 1 written out': field(0, integer(0)),
    'version 3': { version: 3 },
  },
  'signature-algorithm': {
    'SHA-1': { signature: 'sha1' },
    'SHA-224': { signature: 'sha224' },
    Ed25519: { signingKey: createKey('Ed25519') },
    'RSA with MD5': { signingKey: rsaCa.key, signature: 'md5' },
    'PSS with SHA-1': { signingKey: rsaCa.key, signature: 'pss-sha1' },
  },
  'signature-algorithms-differ': {
    'another algorithm outside': {
      editList: ([tbs, , signature]) => [
        tbs!,
        createSigner(ca.key.privateKey!, 'sha384').algorithm,
        signature!,
      ],
    },
    'parameters inside only': field(1, sequence(oid('1.2.840.10045.4.3.2'), nothing())),
  },
  'no-next-update': { 'no end': { nextUpdate: false } },
  'next-update-not-later': {
    'an end at its beginning': { nextUpdate: THIS_UPDATE },
    'an end before its beginning': { nextUpdate: new Date(THIS_UPDATE.getTime() - 1000) },
  },
  'no-number': {
    'no number': { number: false },
    'no extensions': { number: false, authorityKeyId: false },
  },
  number: {
    'a negative number': { number: -1n },
    'a number of 21 octets': { number: 1n << 160n },
  },
  delta: {
    'a delta': { extensions: [deltaExtension(1n)] },
    'a delta that is not critical': { extensions: [{ ...deltaExtension(1n), critical: false }] },
  },
  indirect: {
    'an indirect list': { extensions: [scopeExtension({ indirect: true })] },
    'a certificate of another issuer': {
      entries: [{ serialNumber: 1n, extensions: [certificateIssuerExtension('Other CA')] }],
    },
    'a certificate issuer that is not critical': {
      entries: [
        {
          serialNumber: 1n,
          extensions: [{ ...certificateIssuerExtension('Other CA'), critical: false }],
        },
      ],
    },
  },
  partial: {
    'only CAs': { extensions: [scopeExtension({ onlyCaCertificates: true })] },
    'only attribute certificates': {
      extensions: [scopeExtension({ onlyAttributeCertificates: true })],
    },
    'only some reasons': { extensions: [scopeExtension({ onlySomeReasons: true })] },
    'only some reasons, for users': {
      extensions: [scopeExtension({ onlySomeReasons: true, onlyUserCertificates: true })],
    },
    'a scope that is not critical': {
      extensions: [{ ...scopeExtension({ onlyCaCertificates: true }), critical: false }],
    },
  },
  'distribution-point': {
    'a distribution point': { extensions: [scopeExtension({ uri: 'http://example.com/1.crl' })] },
    'a distribution point for users': {
      extensions: [scopeExtension({ uri: 'http://example.com/1.crl', onlyUserCertificates: true })],
    },
  },
  'unknown-critical-extension': {
    'an unknown critical extension': { extensions: [unknownExtension(true)] },
    'an unknown critical extension of an entry': {
      entries: [{ serialNumber: 1n, extensions: [unknownExtension(true)] }],
    },
    'a freshest CRL that is critical': {
      extensions: [{ oid: '2.5.29.46', critical: true, value: sequence() }],
    },
    'a number in an entry': {
      entries: [
        {
          serialNumber: 1n,
          extensions: [{ oid: '2.5.29.20', critical: true, value: integer(1) }],
        },
      ],
    },
    'a reason of the whole list': { extensions: [{ ...reasonExtension(1), critical: true }] },
  },
  'remove-from-crl': {
    'a certificate taken off': { entries: [1n, { serialNumber: 2n, reason: 8 }] },
  },
  'duplicate-serial': {
    'a serial number twice': { entries: [1n, 2n, 1n] },
    'a serial number twice for two reasons': { entries: [1n, { serialNumber: 1n, reason: 1 }] },
  },
  'not-a-crl': {
    'nothing signed': { editList: ([, ...rest]) => rest },
    'no algorithm': { editList: ([tbs, , signature]) => [tbs!, signature!] },
    'no signature': { editList: ([tbs, algorithm]) => [tbs!, algorithm!] },
    'four parts': { editList: (parts) => [...parts, nothing()] },
    'a signature with unused bits': {
      editList: ([tbs, algorithm]) => [tbs!, algorithm!, bitString(Buffer.of(0xfe), 1)],
    },
    'a version that is text': field(0, der(0x0c, Buffer.of(1))),
    'an algorithm without OID': {
      ...field(1, sequence()),
      editList: ([tbs, , signature]) => [tbs!, sequence(), signature!],
    },
    'an issuer without a name': { issuerName: [] },
    'an issuer that is a SET': field(2, set()),
    'an issuer with an empty RDN': field(2, sequence(set())),
    'a beginning that does not exist': { thisUpdate: der(0x17, Buffer.from('260230000000Z')) },
    'a beginning that is text': { thisUpdate: der(0x0c, Buffer.from('260101000000Z')) },
    'no beginning': field(3, nothing()),
    'an end that does not exist': { nextUpdate: der(0x18, Buffer.from('20260230000000Z')) },
    'an end that is text': { nextUpdate: der(0x0c, Buffer.from('260201000000Z')) },
    'an end in fractions': { nextUpdate: der(0x18, Buffer.from('20260201000000.5Z')) },
    'an empty list of entries': field(5, sequence()),
    'entries in a SET': field(5, set(entryDer(1n))),
    'entries after the extensions': { entries, editTbs: (fields) => [...fields, sequence()] },
    'extensions twice': { editTbs: (fields) => [...fields, fields.at(-1)!] },
    'extensions with another tag': field(6, constructed(1, sequence(numbered))),
    'an empty list of extensions': field(6, constructed(0, sequence())),
    'two lists of extensions': field(6, constructed(0, sequence(numbered), sequence(numbered))),
    'an extension twice': listWith(numbered),
    'an unknown extension twice': listWith(
      sequence(oid('1.2.3'), octetString(nothing())),
      sequence(oid('1.2.3'), octetString(nothing())),
    ),
    'an extension that writes out that it is not critical': listWith(
      sequence(oid('1.2.3'), boolean(false), octetString(nothing())),
    ),
    'an extension without value': listWith(sequence(oid('1.2.3'))),
    'an extension with two values': listWith(
      sequence(oid('1.2.3'), octetString(nothing()), octetString(nothing())),
    ),
    'an extension without type': listWith(sequence(octetString(nothing()))),
    'a number that is text': field(
      6,
      constructed(0, sequence(sequence(oid('2.5.29.20'), octetString(der(0x0c, Buffer.of(1)))))),
    ),
    'a number with octets after it': field(
      6,
      constructed(
        0,
        sequence(sequence(oid('2.5.29.20'), octetString(Buffer.from('02010100', 'hex')))),
      ),
    ),
    'a number that is not in its shortest form': field(
      6,
      constructed(
        0,
        sequence(sequence(oid('2.5.29.20'), octetString(Buffer.from('02020001', 'hex')))),
      ),
    ),
    'a number without octets': field(
      6,
      constructed(0, sequence(sequence(oid('2.5.29.20'), octetString(der(0x02))))),
    ),
    'a scope that says nothing': scopeOf(),
    'a scope that writes out a default': scopeOf(primitive(1, Buffer.of(0))),
    'a scope with another truth': scopeOf(primitive(1, Buffer.of(1))),
    'a scope in another order': scopeOf(
      primitive(5, Buffer.of(0xff)),
      primitive(1, Buffer.of(0xff)),
    ),
    'a scope with something unknown': scopeOf(primitive(6, Buffer.of(0xff))),
    'an entry that is a SET': field(5, sequence(set(integer(1), TIME))),
    'an entry without serial number': entry(TIME),
    'an entry without time': entry(integer(1)),
    'an entry with a time that does not exist': entry(
      integer(1),
      der(0x17, Buffer.from('260230000000Z')),
    ),
    'an entry of four fields': entry(
      integer(1),
      TIME,
      sequence(sequence(oid('1.2.3'), octetString(nothing()))),
      nothing(),
    ),
    'an entry with an empty list of extensions': entryWith(),
    'an entry with an extension twice': entryWith(
      sequence(oid('1.2.3'), octetString(nothing())),
      sequence(oid('1.2.3'), octetString(nothing())),
    ),
    'a serial number that is negative': { entries: [-1n] },
    'a serial number of 21 octets': { entries: [1n << 160n] },
    'a serial number without octets': entry(der(0x02), TIME),
    'a serial number with a leading zero': entry(der(0x02, Buffer.of(0, 1)), TIME),
    'reason 7': { entries: [{ serialNumber: 1n, reason: 7 }] },
    'reason 11': { entries: [{ serialNumber: 1n, reason: 11 }] },
    'a reason that is a number': reasonOf(integer(1)),
    'a reason of two octets': reasonOf(der(0x0a, Buffer.of(0, 1))),
    'a reason without octets': reasonOf(der(0x0a)),
    'a reason with octets after it': reasonOf(Buffer.from('0a010100', 'hex')),
  },
}

/** What each problem stands for in the list of threats. */
const T29: ReadonlySet<string> = new Set([
  'delta',
  'indirect',
  'partial',
  'distribution-point',
  'unknown-critical-extension',
  'remove-from-crl',
  'duplicate-serial',
])

const rows = Object.entries(refused).flatMap(([problem, lists]) =>
  Object.entries(lists).map(([name, options]): [string, string, string, RevocationListOptions] => [
    ...([name, T29.has(problem) ? 'T29' : 'T28', problem] as const),
    options,
  ]),
)

// The largest take a while to make, and longer on a busy machine.
describe('refuses a list', { timeout: 60_000 }, () => {
  test.each(rows)('with %s (%s): %s', (_, __, problem, options) => {
    expect(parse(options)).toEqual({ problem })
  })
})

describe('refuses bytes that are no list', () => {
  test.each([
    ['nothing', Buffer.of()],
    ['octets after the list', Buffer.concat([good.der, Buffer.of(0)])],
    ['the octets of a PEM block', Buffer.from(good.pem)],
    ['a certificate', ca.der],
    ['a SET', Buffer.concat([Buffer.of(0x31), good.der.subarray(1)])],
    ['an indefinite length', Buffer.from('30800000', 'hex')],
    ['a length of four octets', Buffer.concat([Buffer.from('308400000001', 'hex'), Buffer.of(0)])],
  ])('%s (T28)', (_, bytes) => {
    expect(parseRevocationList(bytes)).toEqual({ problem: 'not-a-crl' })
  })
})

describe('whatever is sent', () => {
  test('nothing is thrown (T28)', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(parseRevocationList(bytes)).toEqual({ problem: 'not-a-crl' })
      }),
    )
  })

  test('nothing is thrown where a good list was cut, doubled or overwritten (T28)', () => {
    const at = fc.nat(good.der.length)
    fc.assert(
      fc.property(at, at, fc.uint8Array({ maxLength: 8 }), (from, to, between) => {
        const bytes = Buffer.concat([good.der.subarray(0, from), between, good.der.subarray(to)])
        const list = parseRevocationList(bytes)
        const isGood = bytes.equals(good.der)
        expect('problem' in list || !list.isSignedBy(ca.publicKey) || isGood).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('large lists', { timeout: 60_000 }, () => {
  const serials = (count: number) =>
    Array.from({ length: count }, (_, at) => ({
      serialNumber: (1n << 158n) + BigInt(at),
      reason: 1,
    }))
  const cpuMs = (work: () => void): number => {
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }

  // A third of a second on an idle machine. The limit is for work that grows faster than the list.
  test('of 100,000 entries take no more than seconds of CPU (T36)', () => {
    const { der: bytes } = createRevocationList(ca, { entries: serials(100_000) })
    let list = parseRevocationList(good.der)
    const spent = cpuMs(() => {
      list = parseRevocationList(bytes)
    })
    expect(list).toMatchObject({ entryCount: 100_000 })
    expect(spent).toBeLessThan(4000)
  })

  test('of 200,000 entries are read whole', () => {
    const list = read({ entries: Array.from({ length: 200_000 }, (_, at) => BigInt(at)) })
    let last = ''
    for (const serial of list.serialNumbers()) last = serial
    expect([list.entryCount, last]).toEqual([200_000, '30d3f'])
    expect(list.isSignedBy(ca.publicKey)).toBe(true)
  })

  test.each([
    ['8 MiB of empty elements', Buffer.alloc(8 * 1024 * 1024 - 5, Buffer.of(0x30, 0))],
    ['8 MiB of zeros', Buffer.alloc(8 * 1024 * 1024 - 5)],
    ['one element in another, 100,000 deep', nested(100_000)],
  ])('%s are refused in little time and memory (T36)', (_, content) => {
    const bytes = sequence(content)
    const before = process.memoryUsage().heapUsed
    const spent = cpuMs(() => {
      expect(parseRevocationList(bytes)).toEqual({ problem: 'not-a-crl' })
    })
    expect(spent).toBeLessThan(2000)
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(32 * 1024 * 1024)
  })
})

/** SEQUENCEs one inside the other. */
function nested(depth: number): Buffer {
  const heads: Buffer[] = []
  let length = 0
  for (let level = 0; level < depth; level += 1) {
    const octets = length < 0x80 ? 0 : Math.ceil(Math.log2(length + 1) / 8)
    const head = Buffer.alloc(2 + octets, 0x30)
    head.writeUInt8(octets === 0 ? length : 0x80 | octets, 1)
    if (octets > 0) head.writeUIntBE(length, 2, octets)
    heads.push(head)
    length += head.length
  }
  return Buffer.concat(heads.reverse())
}
