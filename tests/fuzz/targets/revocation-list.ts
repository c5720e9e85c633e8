import { deepStrictEqual, match, ok, strictEqual } from 'node:assert'
import { X509Certificate } from 'node:crypto'
import { parseRevocationList } from '@thingpass/x509/revocation-list'
import { readRevocationList } from '@thingpass/x509/revocation-list-pem'
import { extensionDer } from '@thingpass/x509/testing/certificate-extensions'
import { nameDer } from '@thingpass/x509/testing/certificate-names'
import {
  bitString,
  constructed,
  integer,
  oid,
  sequence,
  time,
} from '@thingpass/x509/testing/der-writer'
import {
  OPENSSL_CA_PEM,
  OPENSSL_REVOCATION_LIST_PEM,
} from '@thingpass/x509/testing/openssl-made-lists'
import {
  entryDer,
  scopeExtension,
  unknownExtension,
} from '@thingpass/x509/testing/revocation-lists'
import type { FuzzTarget } from '../fuzz-target.ts'

const body = OPENSSL_REVOCATION_LIST_PEM.split('\n').slice(1, -2).join('')
const LIST = Buffer.from(body, 'base64')
const CA_KEY = new X509Certificate(OPENSSL_CA_PEM).publicKey.export({ type: 'spki', format: 'der' })
/** A list with all that the first does not have. Nobody signed it: its signature is a mere octet. */
const RICH = sequence(
  sequence(
    integer(1),
    sequence(oid('1.2.840.10045.4.3.2')),
    nameDer('Lamp CA'),
    time(new Date('2026-01-01T00:00:00Z')),
    time(new Date('2050-01-01T00:00:00Z')),
    sequence(
      entryDer({ serialNumber: 1n, reason: 6, extensions: [unknownExtension(false)] }),
      entryDer((1n << 159n) + 1n),
    ),
    constructed(
      0,
      sequence(
        ...[
          scopeExtension({ onlyUserCertificates: true }),
          unknownExtension(false),
          { oid: '2.5.29.20', value: integer(1n << 100n) },
        ].map(extensionDer),
      ),
    ),
  ),
  sequence(oid('1.2.840.10045.4.3.2')),
  bitString(Buffer.of(0x30)),
)

/** The parser of revocation lists: what it accepts says one thing only, and none but the CA's own list verifies. */
export const REVOCATION_LIST: FuzzTarget = {
  name: 'revocation-list',
  format: 'der',
  seeds: () => [LIST, RICH, OPENSSL_REVOCATION_LIST_PEM],
  dictionary: [
    '\x06\x03\x55\x1d\x1c',
    '\x06\x03\x55\x1d\x1b',
    '\x06\x03\x55\x1d\x1d',
    '\x0a\x01\x08',
  ],
  run: (input) => {
    const bytes = Buffer.from(input)
    const list = parseRevocationList(bytes)
    readRevocationList(bytes.toString('latin1'))
    if (bytes[0] === 0x30)
      deepStrictEqual('problem' in readRevocationList(bytes), 'problem' in list)
    if ('problem' in list) {
      match(list.problem, /^[a-z0-9-]+$/)
      return
    }
    strictEqual(bytes.length, lengthSaidBy(bytes), 'octets that were never there, or passed over')
    const serials = [...list.serialNumbers()]
    strictEqual(serials.length, list.entryCount)
    strictEqual(new Set(serials).size, serials.length)
    for (const serial of serials) match(serial, /^(?:0|[1-9a-f][0-9a-f]{0,39})$/)
    ok(list.thisUpdate < list.nextUpdate)
    ok(list.number >= 0n && list.number < 1n << 160n)
    ok(bytes.includes(Buffer.from(list.issuerDer)))
    ok(bytes.equals(LIST) || !list.isSignedBy(CA_KEY), 'a changed list that verifies')
  },
}

/** How long an element says it is, head and all; read a second way. */
function lengthSaidBy(bytes: Buffer): number {
  const octets = Number(`0x${bytes.toString('hex', 1, 2)}`) - 0x80
  if (octets < 0) return 2 + octets + 0x80
  return 2 + octets + Number(`0x${bytes.toString('hex', 2, 2 + octets)}`)
}
