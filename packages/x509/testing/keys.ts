import {
  createHash,
  createPublicKey,
  ECDH,
  generateKeyPairSync,
  type KeyObject,
  type SignKeyObjectInput,
  sign,
} from 'node:crypto'
import { bitString, constructed, integer, nothing, oid, sequence } from './der-writer.ts'

/** Kinds of keys that tests need, good and bad. `RSA-…` takes any modulus size that OpenSSL can generate. */
export type KeyKind =
  | 'P-224'
  | 'P-256'
  | 'P-384'
  | 'P-521'
  | 'secp256k1'
  | 'Ed25519'
  | 'DSA-1024'
  | 'RSA-PSS-2048'
  | `RSA-${number}`

/** A key pair; `publicKey` is the SubjectPublicKeyInfo DER. Without private key it cannot sign. */
export type TestKey = { readonly publicKey: Uint8Array; readonly privateKey?: KeyObject }

const EC_KINDS: ReadonlySet<string> = new Set(['P-224', 'P-256', 'P-384', 'P-521', 'secp256k1'])

/** Generates a key pair. RSA of 4096 bits and more takes seconds: use `rsaPublicKey` where nothing is signed. */
export function createKey(kind: KeyKind): TestKey {
  const { privateKey } = generate(kind)
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  return { publicKey, privateKey }
}

function generate(kind: KeyKind): { privateKey: KeyObject } {
  if (EC_KINDS.has(kind)) return generateKeyPairSync('ec', { namedCurve: kind })
  if (kind === 'Ed25519') return generateKeyPairSync('ed25519')
  if (kind === 'DSA-1024') {
    return generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 })
  }
  if (kind === 'RSA-PSS-2048') return generateKeyPairSync('rsa-pss', { modulusLength: 2048 })
  return generateKeyPairSync('rsa', { modulusLength: Number(kind.slice(4)) })
}

/** An RSA public key of any size that nobody has the private key of; its modulus is odd and has its top bit set. */
export function rsaPublicKey(bits: number, exponent: bigint | number = 65_537): TestKey {
  const modulus = (1n << BigInt(bits - 1)) | (BigInt(`0x${'b5'.repeat(bits / 16)}`) >> 1n) | 1n
  return rsaPublicKeyOf(modulus, exponent)
}

/** An RSA public key from its numbers, whatever they are. */
export function rsaPublicKeyOf(modulus: bigint, exponent: bigint | number): TestKey {
  const algorithm = sequence(oid('1.2.840.113549.1.1.1'), nothing())
  const key = sequence(integer(modulus), integer(exponent))
  return { publicKey: sequence(algorithm, bitString(key)) }
}

/** Octets of a whole P-256 point: its form, X, Y. */
const P256_POINT_OCTETS = 65

/** A P-256 key in a second encoding that OpenSSL takes for the same key: its point with one coordinate and a sign, or with both and a sign. */
export function withPointForm({ publicKey, ...key }: TestKey, form: PointForm): TestKey {
  const whole = publicKey.subarray(-P256_POINT_OCTETS)
  const point = ECDH.convertKey(whole, 'prime256v1', undefined, undefined, form)
  const algorithm = sequence(oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7'))
  return { ...key, publicKey: sequence(algorithm, bitString(Buffer.from(point))) }
}

/** Forms of a point. Source: SEC 1 §2.3.3; X9.62 has the hybrid one. */
export type PointForm = 'uncompressed' | 'compressed' | 'hybrid'

/** How a test certificate is signed; the algorithm's family follows from the issuer's key. */
export type SignatureKind =
  | 'md5'
  | 'sha1'
  | 'sha224'
  | 'sha256'
  | 'sha384'
  | 'sha512'
  | 'pss-sha1'
  | 'pss-sha256'
  | 'pss-sha384'
  | 'pss-sha512'

const RSA_OIDS: Record<string, string> = {
  md5: '1.2.840.113549.1.1.4',
  sha1: '1.2.840.113549.1.1.5',
  sha224: '1.2.840.113549.1.1.14',
  sha256: '1.2.840.113549.1.1.11',
  sha384: '1.2.840.113549.1.1.12',
  sha512: '1.2.840.113549.1.1.13',
}
const EC_OIDS: Record<string, string> = {
  sha1: '1.2.840.10045.4.1',
  sha224: '1.2.840.10045.4.3.1',
  sha256: '1.2.840.10045.4.3.2',
  sha384: '1.2.840.10045.4.3.3',
  sha512: '1.2.840.10045.4.3.4',
}
const HASHES: Record<string, { oid: string; octets: number }> = {
  sha1: { oid: '1.3.14.3.2.26', octets: 20 },
  sha256: { oid: '2.16.840.1.101.3.4.2.1', octets: 32 },
  sha384: { oid: '2.16.840.1.101.3.4.2.2', octets: 48 },
  sha512: { oid: '2.16.840.1.101.3.4.2.3', octets: 64 },
}

/** An AlgorithmIdentifier and the matching signature over any bytes. */
export type Signer = { readonly algorithm: Buffer; readonly sign: (data: Uint8Array) => Buffer }

/** Makes the signer for a private key. */
export function createSigner(privateKey: KeyObject, kind: SignatureKind): Signer {
  const family = privateKey.asymmetricKeyType
  if (family === 'ed25519') {
    return { algorithm: sequence(oid('1.3.101.112')), sign: (data) => sign(null, data, privateKey) }
  }
  if (family === 'dsa') return signerOf('2.16.840.1.101.3.4.3.2', 'sha256', { key: privateKey })
  if (family === 'ec') return signerOf(EC_OIDS[kind]!, kind, { key: privateKey })
  if (kind.startsWith('pss-')) return pssSigner(privateKey, kind.slice(4))
  return signerOf(RSA_OIDS[kind]!, kind, { key: privateKey }, nothing())
}

function signerOf(
  algorithm: string,
  hash: string,
  key: SignKeyObjectInput,
  ...parameters: readonly Buffer[]
): Signer {
  return {
    algorithm: sequence(oid(algorithm), ...parameters),
    sign: (data) => sign(hash, data, key),
  }
}

function pssSigner(key: KeyObject, hash: string): Signer {
  const saltLength = HASHES[hash]!.octets
  const padding = 6 // RSA_PKCS1_PSS_PADDING
  const parameters = pssParameters({ hash, maskHash: hash, saltLength })
  return signerOf('1.2.840.113549.1.1.10', hash, { key, padding, saltLength }, parameters)
}

/** RSASSA-PSS-params; the default SHA-1 is left out, as DER wants it. */
export function pssParameters(options: {
  readonly hash: string
  readonly maskHash: string
  readonly saltLength: number
}): Buffer {
  const hash = sequence(oid(HASHES[options.hash]!.oid), nothing())
  const maskHash = sequence(oid(HASHES[options.maskHash]!.oid), nothing())
  const mask = sequence(oid('1.2.840.113549.1.1.8'), maskHash)
  return sequence(
    ...(options.hash === 'sha1' ? [] : [constructed(0, hash)]),
    ...(options.maskHash === 'sha1' ? [] : [constructed(1, mask)]),
    constructed(2, integer(options.saltLength)),
  )
}

/** Key identifier as most CAs make it: SHA-1 of the public key's bits. Source: RFC 5280 §4.2.1.2. */
export function keyIdOf(key: TestKey): Buffer {
  return createHash('sha1').update(key.publicKey).digest()
}
