const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const BITS_PER_DIGIT = 6
const BITS_PER_BYTE = 8

/**
 * Parses base64 (RFC 4648 §4, padded) to its canonical digits without padding: two texts have equal bytes exactly when
 * these are equal. Bits of the last digit that belong to no byte are cleared.
 */
export function parseBase64(text: string): string | undefined {
  if (!BASE64.test(text)) return undefined
  const digits = text.replaceAll('=', '')
  const spareBits = (digits.length * BITS_PER_DIGIT) % BITS_PER_BYTE
  const last = DIGITS.indexOf(digits.slice(-1))
  return digits.slice(0, -1) + DIGITS.charAt((last >> spareBits) << spareBits)
}
