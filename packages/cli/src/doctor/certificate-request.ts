/** What the server's side of a TLS 1.2 handshake says of client certificates. */
export type CertificateRequest =
  | { readonly asked: false }
  | {
      readonly asked: true
      /** CAs that the server names; 0 = any. */
      readonly authorities: number
    }

const HANDSHAKE_RECORD = 22
const CERTIFICATE_REQUEST = 13
const SERVER_HELLO_DONE = 14
const RECORD_HEADER_BYTES = 5
const MESSAGE_HEADER_BYTES = 4

/**
 * Looks for the request in the bytes that a server sent so far, of a handshake at TLS 1.2, where it is in the clear. Undefined while
 * it is not decided, and where the bytes are no such handshake. Source: RFC 5246, sections 6.2.1, 7.4 and 7.4.4.
 */
export function findCertificateRequest(received: Buffer): CertificateRequest | undefined {
  for (const { type, body } of messagesOf(handshakeBytesOf(received))) {
    if (type === CERTIFICATE_REQUEST) return { asked: true, authorities: countAuthorities(body) }
    if (type === SERVER_HELLO_DONE) return { asked: false }
  }
  return undefined
}

/** The handshake's bytes as far as they came, up to the first record of another kind. */
function handshakeBytesOf(received: Buffer): Buffer {
  const fragments: Buffer[] = []
  let at = 0
  while (at + RECORD_HEADER_BYTES <= received.length && received[at] === HANDSHAKE_RECORD) {
    const end = at + RECORD_HEADER_BYTES + received.readUInt16BE(at + 3)
    fragments.push(received.subarray(at + RECORD_HEADER_BYTES, end))
    at = end
  }
  return Buffer.concat(fragments)
}

function* messagesOf(
  handshake: Buffer,
): Generator<{ readonly type: number; readonly body: Buffer }> {
  let at = 0
  while (at + MESSAGE_HEADER_BYTES <= handshake.length) {
    const end = at + MESSAGE_HEADER_BYTES + handshake.readUIntBE(at + 1, 3)
    if (end > handshake.length) return
    yield {
      type: handshake.readUInt8(at),
      body: handshake.subarray(at + MESSAGE_HEADER_BYTES, end),
    }
    at = end
  }
}

/** The names come last: after the types (one byte of length) and the signature algorithms (two). */
function countAuthorities(body: Buffer): number {
  const algorithms = 1 + lengthAt(body, 0, 1)
  let at = algorithms + 2 + lengthAt(body, algorithms, 2) + 2
  let count = 0
  while (at + 2 <= body.length) {
    at += 2 + lengthAt(body, at, 2)
    count += 1
  }
  return count
}

function lengthAt(body: Buffer, at: number, bytes: number): number {
  return at + bytes <= body.length ? body.readUIntBE(at, bytes) : 0
}
