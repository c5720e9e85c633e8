import { X509Certificate } from 'node:crypto'
import {
  OPENSSL_ROOT_PEM,
  OPENSSL_VERSION_1_PEM,
  OPENSSL_VERSION_3_PEM,
} from '@thingpass/x509/testing/openssl-made'

const root = new X509Certificate(OPENSSL_ROOT_PEM)

/** Certificates that are the same in every process: a CA and two of its own. */
export const KNOWN_CERTIFICATES: readonly Buffer[] = [
  root.raw,
  ...[OPENSSL_VERSION_1_PEM, OPENSSL_VERSION_3_PEM].map((pem) => new X509Certificate(pem).raw),
]

/** SubjectPublicKeyInfo of that CA. */
export const KNOWN_CA_KEY: Uint8Array = root.publicKey.export({ type: 'spki', format: 'der' })
