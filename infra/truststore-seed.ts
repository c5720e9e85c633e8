import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

const YEARS = 20

/**
 * Makes a CA certificate that can never sign anything: its private key is forgotten when this returns, and was never anywhere but here. API
 * Gateway asks for one certificate at least, when a domain is made and for as long as no CA is registered. Returns PEM.
 * Source: RFC 5280 §4.1.
 */
export function makeKeylessCa(now: Date): string {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const end = new Date(now)
  end.setUTCFullYear(end.getUTCFullYear() + YEARS)
  const name = sequence(set(sequence(OID.commonName, utf8('Thingpass: nobody has this key'))))
  const algorithm = sequence(OID.ecdsaWithSha256)
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))), // version 3
    integer(Buffer.concat([Buffer.from([0x40]), randomBytes(15)])), // positive, and long enough to be unlike any other
    algorithm,
    name,
    sequence(time(now), time(end)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(BASIC_CONSTRAINTS, KEY_USAGE)),
  )
  const signature = sign('sha256', body, privateKey)
  return pem(sequence(body, algorithm, bits(signature)))
}

function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  const { length } = content
  if (length > 0xffff) throw new RangeError('no certificate of ours is that long')
  const long = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...(length < 0x80 ? [length] : long)]), content])
}

const sequence = (...contents: readonly Uint8Array[]) => der(0x30, ...contents)
const set = (content: Uint8Array) => der(0x31, content)
const integer = (octets: Uint8Array) => der(0x02, octets)
const octets = (content: Uint8Array) => der(0x04, content)
const bits = (content: Uint8Array, unused = 0) => der(0x03, Buffer.from([unused]), content)
const utf8 = (text: string) => der(0x0c, Buffer.from(text))
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'))
const TRUE = der(0x01, Buffer.from([0xff]))

const OID = {
  commonName: oid('550403'),
  basicConstraints: oid('551d13'),
  keyUsage: oid('551d0f'),
  ecdsaWithSha256: oid('2a8648ce3d040302'),
}

/** A CA, critical. */
const BASIC_CONSTRAINTS = sequence(OID.basicConstraints, TRUE, octets(sequence(TRUE)))
/** keyCertSign alone, critical. */
const KEY_USAGE = sequence(OID.keyUsage, TRUE, octets(bits(Buffer.from([0x04]), 2)))

/** UTCTime: seeds end before 2050. */
const time = (instant: Date) =>
  der(0x17, Buffer.from(`${instant.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`))

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
