import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import type { CertificateFacts } from '@thingpass/core/certificate-facts'
import { createIdentify } from '@thingpass/x509/identify'
import { REASON_GUIDE } from '../why/reason-guide.ts'
import { type Finding, note, ok, problem } from './finding.ts'

/** What a device has on its disk. */
export type DeviceFiles = {
  readonly certificatePem: string
  readonly privateKeyPem: string
  /** Whether anybody but the owner may read the private key. */
  readonly keyIsShared: boolean
}

/** Whether key and certificate are what they should be and belong together; nothing goes over the network. */
export function checkIdentity(files: DeviceFiles, now: Date): readonly Finding[] {
  const certificate = readCertificate(files.certificatePem)
  if (certificate === undefined) {
    return [problem('certificate', 'the file holds no certificate', 'It takes PEM, as text.')]
  }
  return [checkKey(files, certificate), ...checkCertificate(certificate, now)]
}

function readCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined // what OpenSSL says may quote the file
  }
}

function checkKey(
  { privateKeyPem, keyIsShared }: DeviceFiles,
  certificate: X509Certificate,
): Finding {
  const key = readKey(privateKeyPem)
  if (typeof key === 'string') return problem('key', key, KEY_ADVICE)
  if (!certificate.checkPrivateKey(key)) {
    return problem('key', 'the private key is not that of the certificate', KEY_ADVICE)
  }
  const told = 'the private key is that of the certificate'
  return keyIsShared
    ? note('key', told, 'Others may read it; chmod 600 the file.')
    : ok('key', told)
}

const KEY_ADVICE =
  'Take the key that the certificate was requested with, as PEM without passphrase.'

/** PKCS #8, and what OpenSSL wrote before it. */
const ENCRYPTED = /^(?:-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED)/m

function readKey(pem: string): KeyObject | string {
  try {
    return createPrivateKey(pem)
  } catch {
    return ENCRYPTED.test(pem)
      ? 'the private key has a passphrase'
      : 'the file holds no private key'
  }
}

const identify = createIdentify()

function checkCertificate(certificate: X509Certificate, now: Date): readonly Finding[] {
  const identified = identify(certificate.raw)
  if (!identified.ok) {
    const { reason } = identified
    return [problem('certificate', reason, REASON_GUIDE[reason])]
  }
  const { facts } = identified.certificate
  const usage = checkUsage(facts)
  return [...(usage === undefined ? [] : [usage]), checkValidity(facts, now)]
}

const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2'

function checkUsage({ extendedKeyUsage }: CertificateFacts): Finding | undefined {
  const fit = extendedKeyUsage === undefined || extendedKeyUsage.includes(CLIENT_AUTHENTICATION)
  const reason = 'certificate-usage-unfit'
  return fit ? undefined : problem('certificate', reason, REASON_GUIDE[reason])
}

const DAY_SECONDS = 86_400
const SHORTEST_SESSION_SECONDS = 900
/** Time enough to renew it in. */
const RENEW_WITHIN_DAYS = 30

function checkValidity(
  { notBefore, notAfter, certificateId }: CertificateFacts,
  now: Date,
): Finding {
  const remainingSeconds = (notAfter.getTime() - now.getTime()) / 1000
  if (!(notBefore <= now)) {
    const told = `it is not valid before ${notBefore.toISOString()}`
    return problem('certificate', told, "Check this machine's clock, and the one that issued it.")
  }
  if (!(remainingSeconds >= SHORTEST_SESSION_SECONDS)) {
    const told = `it is valid until ${notAfter.toISOString()}`
    return problem('certificate', told, 'Renew it: 900 seconds must be left, or nothing is issued.')
  }
  const days = Math.floor(remainingSeconds / DAY_SECONDS)
  if (days < RENEW_WITHIN_DAYS) {
    return note('certificate', `${certificateId} expires in ${days} days`, 'Renew it soon.')
  }
  return ok('certificate', `${certificateId}, valid for another ${days} days`)
}
