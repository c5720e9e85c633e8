import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findCertificateRequest } from './certificate-request.ts'

const message = (type: number, body: Uint8Array = Buffer.alloc(3)) =>
  Buffer.concat([Buffer.from([type, 0, body.length >> 8, body.length & 255]), body])
const record = (type: number, ...messages: readonly Uint8Array[]) => {
  const body = Buffer.concat(messages)
  return Buffer.concat([Buffer.from([type, 3, 3, body.length >> 8, body.length & 255]), body])
}
const vector = (bytes: 1 | 2, content: Uint8Array) => {
  const length = bytes === 1 ? [content.length] : [content.length >> 8, content.length & 255]
  return Buffer.concat([Buffer.from(length), content])
}
const request = (...names: readonly string[]) =>
  message(
    13,
    Buffer.concat([
      vector(1, Buffer.from([1, 64])),
      vector(2, Buffer.from([4, 3, 8, 4])),
      vector(2, Buffer.concat(names.map((name) => vector(2, Buffer.from(name))))),
    ]),
  )
const [HELLO, DONE] = [message(2), message(14, Buffer.alloc(0))]

test.each([
  ['in one record', record(22, HELLO, request(), DONE), { asked: true, authorities: 0 }],
  ['without the request', record(22, HELLO, DONE), { asked: false }],
  ['with two CAs', record(22, HELLO, request('one', 'two'), DONE), { asked: true, authorities: 2 }],
  [
    'in a record each',
    Buffer.concat([record(22, HELLO), record(22, request('one')), record(22, DONE)]),
    { asked: true, authorities: 1 },
  ],
  [
    'with a message over two records',
    Buffer.concat([
      record(22, request('one').subarray(0, 5)),
      record(22, request('one').subarray(5)),
    ]),
    { asked: true, authorities: 1 },
  ],
  ['that is not over yet', record(22, HELLO), undefined],
  [
    'that is encrypted',
    Buffer.concat([record(22, HELLO), record(20), record(22, request())]),
    undefined,
  ],
  ['that is an alert', record(21, Buffer.from([2, 40])), undefined],
  ['that is none', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), undefined],
  ['with nothing in it', Buffer.alloc(0), undefined],
  [
    'with an empty request',
    record(22, message(13, Buffer.alloc(0))),
    { asked: true, authorities: 0 },
  ],
])('a handshake %s', (_, bytes, expected) => {
  expect(findCertificateRequest(bytes)).toEqual(expected)
})

test('bytes that are cut off anywhere decide nothing wrongly', () => {
  const whole = Buffer.concat([record(22, HELLO, request('one')), record(22, DONE)])
  for (let length = 0; length < whole.length; length += 1) {
    expect([undefined, { asked: true, authorities: 1 }]).toContainEqual(
      findCertificateRequest(whole.subarray(0, length)),
    )
  }
})

test('no bytes make it throw', () => {
  const noise = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes))
  fc.assert(
    fc.property(noise, noise, (one, other) => {
      findCertificateRequest(one)
      findCertificateRequest(Buffer.concat([record(22, message(13, one)), other]))
    }),
  )
})
