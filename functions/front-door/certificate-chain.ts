import type { UnusableCertificate } from './device-request.ts'

/** Most characters of the header as sent: all that a load balancer takes of headers. Source: Elastic Load Balancing User Guide, HTTP header limits (64 K). */
const LARGEST_ENCODED = 65_536

/** Most certificates of a chain: leaf, two intermediates, root. */
const MOST_CERTIFICATES = 4

/**
 * One PEM block at a time, with nothing between two. Lines are disjoint from line ends, so that matching takes linear time. What the
 * base64 of the leaf holds is for the certificate's own parser, which is stricter still.
 */
const BLOCK =
  /-----BEGIN CERTIFICATE-----\r?\n(?:[A-Za-z0-9+/=]+\r?\n)+-----END CERTIFICATE-----(?:\r?\n|$)/y

/**
 * Takes the leaf out of a chain as a load balancer in passthrough mode writes it: URL-encoded PEM, the leaf first, `+`, `=` and `/`
 * possibly as they are. It is decoded exactly once, and a `+` stays one. The leaf alone is handed on, as exactly one block: the device has
 * proved to hold its key and no other; the rest of the chain is unverified and of no use. All of it must be blocks nevertheless,
 * so that nothing but a chain passes for one.
 * Source: Application Load Balancer guide, "Mutual authentication with TLS", HTTP header for passthrough mode.
 */
export function leafOfEncodedChain(encoded: string): string | UnusableCertificate {
  if (encoded.length > LARGEST_ENCODED) return { refused: 'certificate-too-large' }
  const text = decodedOnce(encoded)
  const [leaf, ...rest] = text === undefined ? [] : blocksOf(text)
  const isChain = leaf !== undefined && rest.length < MOST_CERTIFICATES
  return isChain ? leaf : { refused: 'certificate-malformed' }
}

function decodedOnce(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return undefined
  }
}

/** The blocks of a text that consists of blocks alone; none of any other. */
function blocksOf(text: string): readonly string[] {
  const blocks: string[] = []
  const pattern = new RegExp(BLOCK)
  while (pattern.lastIndex < text.length) {
    const block = pattern.exec(text)?.[0]
    if (block === undefined) return []
    blocks.push(block)
  }
  return blocks
}
