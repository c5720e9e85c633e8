import type { NameAttribute } from '@thingpass/core/certificate-facts'
import { textOf } from './character-string.ts'
import { childrenWithin, type Element, encodingOf, fieldsOf, malformed, TAG } from './der-reader.ts'
import { oidOf } from './der-values.ts'

type RawAttribute = { readonly rdn: number; readonly type: string; readonly value: Element }

/**
 * Attributes of a Name in the certificate's order, with repeats; attributes of a multi-valued RDN share its index.
 * @throws {SyntaxError}
 */
export function attributesOf(name: Element): readonly NameAttribute[] {
  return rawAttributesOf(name).map(({ rdn, type, value }) => ({ rdn, type, value: textOf(value) }))
}

function rawAttributesOf(name: Element): readonly RawAttribute[] {
  return childrenWithin(name, TAG.sequence).flatMap((set, rdn) => {
    const attributes = childrenWithin(set, TAG.set)
    if (attributes.length === 0) malformed('RDN without attributes')
    return attributes.map((attribute) => rawAttributeOf(attribute, rdn))
  })
}

function rawAttributeOf(attribute: Element, rdn: number): RawAttribute {
  const fields = fieldsOf(attribute)
  const type = oidOf(fields.next(TAG.oid))
  const value = fields.any()
  fields.end()
  return { rdn, type, value }
}

/** Short names that every reader knows. Source: RFC 4514 §3. */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
])

/**
 * A Name as text: last RDN first, special characters escaped, other attribute types as dotted OID and hex.
 * Source: RFC 4514 §2.
 * @throws {SyntaxError}
 */
export function nameTextOf(name: Element): string {
  const rdns: string[][] = []
  for (const attribute of rawAttributesOf(name)) {
    rdns[attribute.rdn] = [...(rdns[attribute.rdn] ?? []), attributeText(attribute)]
  }
  return rdns
    .reverse()
    .map((rdn) => rdn.join('+'))
    .join(',')
}

function attributeText({ type, value }: RawAttribute): string {
  const shortName = SHORT_NAMES.get(type)
  if (shortName === undefined) return `${type}=#${encodingOf(value).toString('hex')}`
  return `${shortName}=${escaped(textOf(value))}`
}

/** Source: RFC 4514 §2.4. */
function escaped(text: string): string {
  return text.replace(/["+,;<>\\]|^[ #]| $/g, '\\$&')
}
