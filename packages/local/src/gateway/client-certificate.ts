import type { X509Certificate } from 'node:crypto'
import type { APIGatewayEventClientCertificate } from 'aws-lambda'

const descriptions = new WeakMap<X509Certificate, APIGatewayEventClientCertificate>()

/**
 * Describes a client certificate the way API Gateway's events do. Only the PEM is evidence; the other fields are for
 * display, as there.
 * Source: AWS API Gateway developer guide, "Working with mutual TLS" (field names, date form, serial number in pairs).
 */
export function clientCertificateOf(
  certificate: X509Certificate,
): APIGatewayEventClientCertificate {
  const known = descriptions.get(certificate)
  if (known !== undefined) return { ...known }
  const description = describe(certificate)
  descriptions.set(certificate, description)
  return { ...description }
}

function describe(certificate: X509Certificate): APIGatewayEventClientCertificate {
  return {
    clientCertPem: certificate.toString(),
    subjectDN: distinguishedName(certificate.subject),
    issuerDN: distinguishedName(certificate.issuer),
    serialNumber: serialPairs(certificate.serialNumber),
    validity: { notBefore: certificate.validFrom, notAfter: certificate.validTo },
  }
}

/** Node writes one RDN a line, the root first; a DN string has the root last. An empty name is undefined in Node. */
function distinguishedName(lines: string | undefined): string {
  return lines === undefined ? '' : lines.split('\n').reverse().join(',')
}

/** `0` is the one serial number that Node writes with an odd number of digits. */
function serialPairs(hex: string): string {
  const even = hex.length % 2 === 0 ? hex : `0${hex}`
  return even.toLowerCase().replaceAll(/..(?=.)/g, '$&:')
}
