/** An element: the elements in it, or its text. Attributes are left out, nothing here looks at them. */
export type XmlElement = {
  readonly name: string
  readonly children: readonly XmlElement[]
  readonly text: string
}

/** An element that is still open. */
type OpenElement = { readonly name: string; readonly children: XmlElement[]; text: string }

const DEEPEST = 16

/** Declaration, then tags and text, one after the other without a gap. No comment, no CDATA, no DOCTYPE, no entity of its own. */
const DECLARATION = /^\uFEFF?(?:<\?xml [^<>?]{0,100}\?>)?\s*/
const TOKEN =
  /<(?<close>\/?)(?<name>[A-Za-z_][\w.-]{0,99})(?:\s+[\w:.-]+="[^"<]*")*\s*(?<empty>\/?)>|(?<text>[^<]+)/y

/** Reads the small part of XML that AWS's query protocol is written in; `undefined` for anything else. */
export function readXml(document: string): XmlElement | undefined {
  const root: OpenElement = { name: '', children: [], text: '' }
  const open = [root]
  const tokens = new RegExp(TOKEN)
  tokens.lastIndex = DECLARATION.exec(document)?.[0].length ?? 0
  while (tokens.lastIndex < document.length) {
    const token = tokens.exec(document)
    const taken = token?.groups !== undefined && take(token.groups, open)
    if (!taken) return undefined
  }
  const [element, ...others] = root.children
  const whole = open.length === 1 && others.length === 0 && root.text.trim() === ''
  return whole ? element : undefined
}

type Token = Readonly<Record<string, string | undefined>>

/** Takes one token into the innermost open element; false when it has no place there. */
function take({ text, close, name = '', empty }: Token, open: OpenElement[]): boolean {
  const inner = open.at(-1)
  if (inner === undefined) return false
  if (text !== undefined) return takeText(inner, text)
  if (close === '/') return empty === '' && inner.name === name && closeInnermost(open)
  const element = { name, children: [], text: '' }
  inner.children.push(element)
  if (empty === '') open.push(element)
  return open.length <= DEEPEST
}

function takeText(inner: OpenElement, text: string): boolean {
  const decoded = decode(text)
  inner.text += decoded ?? ''
  return decoded !== undefined
}

/** An element holds elements or text, not both; white space between elements is none. The root stays open. */
function closeInnermost(open: OpenElement[]): boolean {
  const closed = open.length > 1 ? open.pop() : undefined
  return closed !== undefined && (closed.children.length === 0 || closed.text.trim() === '')
}

/** The text at the end of a path below an element; `undefined` when it is not there exactly once or holds elements. */
export function textAt(
  element: XmlElement | undefined,
  ...path: readonly string[]
): string | undefined {
  const [name, ...rest] = path
  if (name === undefined) return element?.children.length === 0 ? element.text : undefined
  const [child, ...others] = element?.children.filter((each) => each.name === name) ?? []
  return others.length === 0 ? textAt(child, ...rest) : undefined
}

const NAMED = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

/** Text with its references replaced; `undefined` when one is unknown or stands for no character. */
function decode(text: string): string | undefined {
  if (!text.includes('&')) return text
  let known = true
  const decoded = text.replace(/&([^;&]{0,10});?/g, (reference, name: string) => {
    const character = reference.endsWith(';') ? characterOf(name) : undefined
    known &&= character !== undefined
    return character ?? ''
  })
  return known ? decoded : undefined
}

function characterOf(name: string): string | undefined {
  const [, hexadecimal, decimal] = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name) ?? []
  if (hexadecimal === undefined && decimal === undefined) return NAMED.get(name)
  const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16)
  const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
  return isCharacter ? String.fromCodePoint(code) : undefined
}
