import type { AlternativeName } from '@thingpass/core/certificate-facts'
import { ia5TextOf } from './character-string.ts'
import { childrenWithin, contentOf, type Element, innerOf, malformed, TAG } from './der-reader.ts'
import { nameTextOf } from './distinguished-name.ts'
import { ipAddressText } from './ip-address.ts'

/** Alternative names that can be shown as text, and how many there were of any kind. */
export type GeneralNames = { readonly names: readonly AlternativeName[]; readonly count: number }

type Reader = {
  readonly kind: AlternativeName['kind']
  readonly textOf: (name: Element) => string
}

/** By identifier octet. Source: RFC 5280 §4.2.1.6. */
const READERS: ReadonlyMap<number, Reader> = new Map<number, Reader>([
  [0x81, { kind: 'rfc822Name', textOf: ia5TextOf }],
  [0x82, { kind: 'dNSName', textOf: ia5TextOf }],
  // A Name is a CHOICE, so its tag is EXPLICIT.
  [0xa4, { kind: 'directoryName', textOf: (name) => nameTextOf(innerOf(name, TAG.sequence)) }],
  [0x86, { kind: 'uniformResourceIdentifier', textOf: ia5TextOf }],
  [0x87, { kind: 'iPAddress', textOf: (name) => ipAddressText(contentOf(name)) }],
])

/** otherName, x400Address, ediPartyName, registeredID: allowed, counted, not shown, for AWS has no variable for them. */
const UNSHOWN: ReadonlySet<number> = new Set([0xa0, 0xa3, 0xa5, 0x88])

/**
 * Reads GeneralNames; an empty list is read as such.
 * @throws {SyntaxError}
 */
export function generalNamesOf(element: Element): GeneralNames {
  const all = childrenWithin(element, TAG.sequence)
  return { names: all.flatMap(alternativeNameOf), count: all.length }
}

function alternativeNameOf(name: Element): readonly AlternativeName[] {
  const reader = READERS.get(name.tag)
  if (reader !== undefined) return [{ kind: reader.kind, value: reader.textOf(name) }]
  return UNSHOWN.has(name.tag) ? [] : malformed('unknown kind of general name')
}
