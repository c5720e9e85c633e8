import 'reflect-metadata'
import { randomBytes, webcrypto } from 'node:crypto'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** A certificate and its private key, both PEM. */
export type Identity = { readonly certificatePem: string; readonly privateKeyPem: string }

/** What every certificate says of itself. */
export type Issuance = {
  readonly commonName: string
  readonly organization?: string
  readonly now: Date
  readonly validDays: number
}

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const
const SHA256 = { name: 'ECDSA', hash: 'SHA-256' } as const
const DAY_MS = 24 * 60 * 60 * 1000
/** A device's clock may be a little behind the one that issued. */
const BACKDATING_MS = 5 * 60 * 1000
const SERIAL_BYTES = 16

/** Makes a self-signed CA (P-256) that may issue end-entity certificates only. */
export async function issueCa(issuance: Issuance): Promise<Identity> {
  const keys = await generateKeys()
  const extensions = [
    new BasicConstraintsExtension(true, 0, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    await SubjectKeyIdentifierExtension.create(keys.publicKey),
  ]
  const certificate = await sign(issuance, { keys, extensions, signer: keys.privateKey })
  return identityOf(certificate, keys.privateKey)
}

/** Makes a TLS server's certificate (P-256) for DNS names and IP addresses. */
export function issueServerCertificate(
  ca: Identity,
  issuance: Issuance & {
    readonly dnsNames: readonly string[]
    readonly addresses: readonly string[]
  },
): Promise<Identity> {
  const names = new SubjectAlternativeNameExtension([
    ...issuance.dnsNames.map((value) => ({ type: 'dns' as const, value })),
    ...issuance.addresses.map((value) => ({ type: 'ip' as const, value })),
  ])
  const usage = new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth])
  return issueUnder(ca, issuance, [names, usage])
}

/** Makes a device's certificate (P-256) for TLS client authentication. */
export function issueDeviceCertificate(ca: Identity, issuance: Issuance): Promise<Identity> {
  return issueUnder(ca, issuance, [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])])
}

async function issueUnder(
  ca: Identity,
  issuance: Issuance,
  particular: readonly Extension[],
): Promise<Identity> {
  const issuer = new X509Certificate(ca.certificatePem)
  const keys = await generateKeys()
  const extensions = [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    await SubjectKeyIdentifierExtension.create(keys.publicKey),
    await AuthorityKeyIdentifierExtension.create(issuer),
    ...particular,
  ]
  const signer = await importKey(ca.privateKeyPem)
  const certificate = await sign(issuance, { keys, extensions, signer, issuer })
  return identityOf(certificate, keys.privateKey)
}

async function sign(
  issuance: Issuance,
  parts: {
    readonly keys: webcrypto.CryptoKeyPair
    readonly extensions: Extension[]
    readonly signer: webcrypto.CryptoKey
    readonly issuer?: X509Certificate
  },
): Promise<X509Certificate> {
  const { commonName, organization, now, validDays } = issuance
  const subject = [
    ...(organization === undefined ? [] : [{ O: [organization] }]),
    { CN: [commonName] },
  ]
  return X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject,
    issuer: parts.issuer?.subjectName ?? subject,
    notBefore: new Date(now.getTime() - BACKDATING_MS),
    notAfter: new Date(now.getTime() + validDays * DAY_MS),
    publicKey: parts.keys.publicKey,
    signingKey: parts.signer,
    signingAlgorithm: SHA256,
    extensions: parts.extensions,
  })
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(P256, true, ['sign', 'verify'])
}

function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = PemConverter.decodeFirst(pem)
  return webcrypto.subtle.importKey('pkcs8', der, P256, false, ['sign'])
}

async function identityOf(
  certificate: X509Certificate,
  privateKey: webcrypto.CryptoKey,
): Promise<Identity> {
  const der = await webcrypto.subtle.exportKey('pkcs8', privateKey)
  return {
    certificatePem: `${certificate.toString('pem')}\n`,
    privateKeyPem: `${PemConverter.encode(der, PemConverter.PrivateKeyTag)}\n`,
  }
}

/** Positive, and of 20 octets at most. Source: RFC 5280 section 4.1.2.2. */
function serialNumber(): string {
  return `40${randomBytes(SERIAL_BYTES - 1).toString('hex')}`
}
