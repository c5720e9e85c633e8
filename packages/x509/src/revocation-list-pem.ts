import { derOfPem } from './pem.ts'
import { parseRevocationList, type RevocationListParse } from './revocation-list.ts'

const BEGIN = '-----BEGIN X509 CRL-----'
const END = '-----END X509 CRL-----'
/** What some libraries write in place of it. */
const OTHER_BEGIN = '-----BEGIN CRL-----'
/** Largest PEM in characters: 8 MiB as base64, its line ends, its labels and some white space. */
const LARGEST_PEM = 12 * 1024 * 1024
/** Every list in DER begins with the identifier octet of SEQUENCE, which no PEM begins with. */
const SEQUENCE = 0x30

/**
 * Reads exactly one revocation list as operators have it: text is PEM, bytes are DER, or PEM where they begin as no DER does. PEM is as strict as that
 * of certificates: one block, nothing around it but white space. Never throws. Source: RFC 7468 §6.
 */
export function readRevocationList(presented: string | Uint8Array): RevocationListParse {
  if (presented.length > LARGEST_PEM) return { problem: 'too-large' }
  if (typeof presented === 'string') return parsePem(presented)
  return presented[0] === SEQUENCE
    ? parseRevocationList(presented)
    : parsePem(Buffer.from(presented).toString('latin1'))
}

function parsePem(pem: string): RevocationListParse {
  const text = pem.trim()
  if (text.startsWith(OTHER_BEGIN)) return { problem: 'pem-label-crl' }
  const isLabelled = text.startsWith(BEGIN) && text.endsWith(END)
  if (!isLabelled) return { problem: 'not-a-crl' }
  const body = text.slice(BEGIN.length, -END.length)
  // The labels are all that tells the PEM of a list from that of a certificate.
  const der = derOfPem(`-----BEGIN CERTIFICATE-----${body}-----END CERTIFICATE-----`)
  return der === undefined ? { problem: 'not-a-crl' } : parseRevocationList(der)
}
