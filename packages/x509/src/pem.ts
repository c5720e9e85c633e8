const BEGIN = '-----BEGIN CERTIFICATE-----'
const END = '-----END CERTIFICATE-----'
/** Octets in one line of PEM. Source: RFC 7468 §2. */
const OCTETS_PER_LINE = 48

/**
 * The DER in a text that is exactly one CERTIFICATE block, with white space around it at most; undefined for anything else:
 * a second block, another label, text before or after, a blank line, base64 that is not canonical. Lines may have any length
 * and end in LF or CRLF. Source: RFC 7468 §2, §5.
 */
export function derOfPem(text: string): Buffer | undefined {
  const [begin, ...lines] = text.trim().split(/\r?\n/)
  const end = lines.pop()
  if (begin !== BEGIN || end !== END || lines.includes('')) return undefined
  const body = lines.join('')
  const der = Buffer.from(body, 'base64')
  // Node's decoder skips what it does not know; only a text that it writes the same way is base64.
  return der.length > 0 && der.toString('base64') === body ? der : undefined
}

/** PEM as RFC 7468 wants it generated: lines of 64 characters, LF, a newline at the end. */
export function pemOfDer(der: Uint8Array): string {
  const lines = [BEGIN]
  for (let start = 0; start < der.length; start += OCTETS_PER_LINE) {
    lines.push(Buffer.from(der.subarray(start, start + OCTETS_PER_LINE)).toString('base64'))
  }
  return [...lines, END, ''].join('\n')
}
