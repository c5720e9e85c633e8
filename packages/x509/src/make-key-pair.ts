import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'

/** A new key pair, in the forms that AWS IoT gives one out in. */
export type MadeKeyPair = {
  /** SubjectPublicKeyInfo DER. */
  readonly publicKey: Uint8Array
  /** SubjectPublicKeyInfo. */
  readonly publicKeyPem: string
  /** PKCS #1. */
  readonly privateKeyPem: string
}

const generate = promisify(generateKeyPair)

/** Makes an RSA key pair of 2048 bits. Source: AWS IoT API reference, CreateKeysAndCertificate. */
export async function makeKeyPair(): Promise<MadeKeyPair> {
  const { publicKey, privateKey } = await generate('rsa', { modulusLength: 2048 })
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'der' }),
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKeyPem: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
  }
}
