import { createPrivateKey } from 'node:crypto'

/** Something that may not be seen. */
export type Secret = { readonly name: string; readonly value: string | Uint8Array }

/** Where a secret was seen; never the secret. */
export type Leak = {
  readonly name: string
  /** As what it was written. */
  readonly form: string
  /** Line of the text, from 1. */
  readonly line: number
}

type Needle = { readonly name: string; readonly form: string; readonly text: string }

/** Shorter needles are found by chance. */
const SHORTEST_NEEDLE = 7
/** Private keys, certificates, requests: none belongs in what is printed. */
const PEM = /-----BEGIN [A-Z0-9 ]+-----/g
/** Line ends, in the ways that they come: base64 of PEM is broken by them. */
const LINE_ENDS = /(?:\s|\\r|\\n|%0D|%0A)+/gi

/** Makes a search for secrets in what was printed: as they are, in base64 at any place within more, in hex, URL-encoded, in JSON. */
export function createSecretSearch(
  secrets: readonly Secret[],
  { allowPem = false }: { readonly allowPem?: boolean } = {},
): (text: string) => readonly Leak[] {
  const needles = secrets.flatMap(needlesOf)
  return (text) => {
    const joined = text.replaceAll(LINE_ENDS, '')
    const found = needles.flatMap((needle) => leaksOf(needle, text, joined))
    const blocks = allowPem ? [] : [...text.matchAll(PEM)]
    const pems = blocks.map(({ index }) => ({
      name: 'PEM',
      form: 'text',
      line: lineAt(text, index),
    }))
    return [...found, ...pems]
  }
}

function leaksOf({ name, form, text: needle }: Needle, text: string, joined: string): Leak[] {
  const at = text.indexOf(needle)
  if (at >= 0) return [{ name, form, line: lineAt(text, at) }]
  // Broken by line ends, where it stands cannot be told in lines.
  return joined.includes(needle) ? [{ name, form: `${form}, in several lines`, line: 0 }] : []
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

function needlesOf({ name, value }: Secret): readonly Needle[] {
  const octets = Buffer.from(value)
  const plain = typeof value === 'string' ? textForms(value) : []
  const forms: readonly (readonly [string, string])[] = [
    ...plain,
    ['hex', octets.toString('hex')],
    ['hex', octets.toString('hex').toUpperCase()],
    ...[0, 1, 2].flatMap((before) => base64Forms(octets, before)),
  ]
  // By text: where two forms are the same, the first names it.
  const distinct = new Map(forms.toReversed().map(([form, text]) => [text, form]))
  return [...distinct]
    .filter(([text]) => text.length >= SHORTEST_NEEDLE)
    .map(([text, form]) => ({ name, form, text }))
}

function textForms(value: string): readonly (readonly [string, string])[] {
  return [
    ['text', value],
    ['JSON', JSON.stringify(value).slice(1, -1)],
    ['URL', encodeURIComponent(value)],
    ['URL', new URLSearchParams({ v: value }).toString().slice(2)],
  ]
}

/** The part of the base64 that depends on nothing before or after, with so many octets before. */
function base64Forms(octets: Buffer, before: number): readonly (readonly [string, string])[] {
  const whole = Buffer.concat([Buffer.alloc(before), octets])
    .toString('base64')
    .replace(/=+$/, '')
  const start = Math.ceil((before * 4) / 3)
  const end = Math.floor(((before + octets.length) * 4) / 3)
  const sure = whole.slice(start, end)
  return [
    ['base64', sure],
    ['base64url', sure.replaceAll('+', '-').replaceAll('/', '_')],
  ]
}

/** Octets of a private number that are searched for: its beginning tells it from every other. */
const SEARCHED_OCTETS = 24

/** The numbers of a private key (PEM) that nobody else knows. The rest of its encoding is public. */
export function secretsOfPrivateKey(name: string, pem: string): readonly Secret[] {
  const { d, p, q } = createPrivateKey(pem).export({ format: 'jwk' })
  return [d, p, q].flatMap((number, index) =>
    number === undefined
      ? []
      : [
          {
            name: `${name} (${'dpq'[index]})`,
            value: Buffer.from(number, 'base64url').subarray(0, SEARCHED_OCTETS),
          },
        ],
  )
}
