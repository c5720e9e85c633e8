import { createECDH, type KeyObject } from 'node:crypto'

/** Order of the group of P-256. Source: FIPS 186-4, D.1.2.3. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/**
 * Signs a digest with ECDSA on P-256, as KMS does and Node, which signs data, does not. For tests alone: nothing here takes constant time.
 * The answer is DER.
 */
export function signDigest(digest: Buffer, privateKey: KeyObject): Buffer {
  const secret = number(Buffer.from(String(privateKey.export({ format: 'jwk' }).d), 'base64url'))
  const once = createECDH('prime256v1')
  const point = once.generateKeys() // 04, x and y of 32 octets each
  const r = number(point.subarray(1, 33)) % ORDER
  const s = (inverse(number(once.getPrivateKey())) * (number(digest) + r * secret)) % ORDER
  const body = Buffer.concat([derInteger(r), derInteger(s)])
  return Buffer.concat([Buffer.from([0x30, body.length]), body])
}

const number = (octets: Buffer): bigint => BigInt(`0x${octets.toString('hex')}`)

/** By Fermat: the order is a prime. */
function inverse(value: bigint): bigint {
  let [result, power, exponent] = [1n, value % ORDER, ORDER - 2n]
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * power) % ORDER
    power = (power * power) % ORDER
  }
  return result
}

function derInteger(value: bigint): Buffer {
  const hex = value.toString(16)
  const octets = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  const positive = (octets[0] ?? 0) < 0x80 ? octets : Buffer.concat([Buffer.from([0]), octets])
  return Buffer.concat([Buffer.from([2, positive.length]), positive])
}
