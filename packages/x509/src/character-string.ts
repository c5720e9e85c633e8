import { isAscii, isUtf8 } from 'node:buffer'
import { contentOf, type Element, malformed, TAG } from './der-reader.ts'

/** Source: ITU-T X.680 §41.4. No `*`, `@`, `_` or `&`. */
const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?]*$/

const DECODERS: ReadonlyMap<number, (content: Buffer) => string> = new Map([
  [TAG.utf8String, utf8Text],
  [TAG.printableString, printableText],
  [TAG.ia5String, ia5Text],
  // As OpenSSL and Go read it: nobody writes T.61, everybody writes ISO 8859-1.
  [TAG.teletexString, (content) => content.toString('latin1')],
  [TAG.bmpString, (content) => codePoints(content, 2)],
  [TAG.universalString, (content) => codePoints(content, 4)],
])

/**
 * Text of a character string of a distinguished name, exactly as it is encoded: not trimmed, folded or normalised. NUL is
 * refused, because other readers stop at it.
 * @throws {SyntaxError}
 */
export function textOf(element: Element): string {
  const decode = DECODERS.get(element.tag) ?? malformed('value that is not a character string')
  return withoutNul(decode(contentOf(element)))
}

/**
 * Text of an IA5String's content, as alternative names hold it.
 * @throws {SyntaxError}
 */
export function ia5TextOf(element: Element): string {
  return withoutNul(ia5Text(contentOf(element)))
}

function withoutNul(text: string): string {
  return text.includes('\0') ? malformed('NUL in a name') : text
}

function utf8Text(content: Buffer): string {
  return isUtf8(content) ? content.toString('utf8') : malformed('UTF8String that is not UTF-8')
}

function ia5Text(content: Buffer): string {
  return isAscii(content) ? content.toString('latin1') : malformed('IA5String beyond ASCII')
}

function printableText(content: Buffer): string {
  const text = content.toString('latin1')
  return PRINTABLE.test(text) ? text : malformed('PrintableString beyond its alphabet')
}

function codePoints(content: Buffer, width: 2 | 4): string {
  if (content.length % width !== 0) malformed('character cut short')
  let text = ''
  for (let offset = 0; offset < content.length; offset += width) {
    text += characterOf(content.readUIntBE(offset, width))
  }
  return text
}

function characterOf(codePoint: number): string {
  const scalar = codePoint < 0xd800 || (codePoint > 0xdfff && codePoint <= 0x10ffff)
  return scalar ? String.fromCodePoint(codePoint) : malformed('code point that is no character')
}
