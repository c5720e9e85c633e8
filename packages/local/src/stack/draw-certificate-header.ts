import { randomBytes } from 'node:crypto'

/** Draws the name of the certificate header, as a deployment does: 128 bits that the load balancer and its function know, and no client. */
export function drawCertificateHeader(): string {
  return `X-Cert-${randomBytes(16).toString('hex')}`
}
