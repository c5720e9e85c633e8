// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are plain text
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type ReferenceToken,
  readReferencePattern,
  referenceMatches,
  referenceTokensMatch,
} from '../../testing/reference-matcher.ts'
import { renderSessionPolicy } from './render.ts'
import { parseSessionTemplate } from './template.ts'

const RUNS = { numRuns: 200 }

/** A part of a generated text: copied, or filled in with a variable of the registry. */
type Part = { readonly copied: string } | { readonly filled: string }

/** Text that is heavy on whatever means something to JSON, to IAM or to JavaScript. */
const hostile = fc
  .array(
    fc.constantFrom(
      ...[
        '*',
        '?',
        '$',
        '{',
        '}',
        '${',
        '"',
        '\\',
        ',',
        ':',
        '/',
        "'",
        '&',
        '`',
        ' ',
        'a',
        'ü',
        '\u00a0',
      ],
      ...[
        '东',
        '😀',
        '\u0000',
        '\n',
        '__proto__',
        'constructor',
        '${*}',
        '${aws:username}',
        '${iot:x}',
        '\\u002a',
        '","',
      ],
    ),
    { maxLength: 8 },
  )
  .map((texts) => texts.join(''))

/** What a value may be without being refused: hostile, but of STS's characters and of one path level. */
const literalValue = hostile
  .map((text) => text.replaceAll(/[^ -~\u00a0-\u00ff]|\//g, ''))
  .filter((text) => text !== '')

/** Any text of the characters around STS's limit, half surrogate pairs included. */
const anything = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0x2ff }), fc.integer({ min: 0xd7ff, max: 0xe000 })))
  .map((units) => String.fromCharCode(...units))

const attribute = fc.constantFrom(
  'site',
  'line',
  '__proto__',
  'constructor',
  'toString',
  'a,b',
  'x:y/z',
)
const copied = fc
  .array(fc.constantFrom('*', '?', '$', '{', '}', '"', '\\', ':', '/', 'a', 'ü', '$$'), {
    maxLength: 5,
  })
  .map((texts) => texts.join(''))
  .filter((text) => !text.includes('${'))
const parts: fc.Arbitrary<readonly Part[]> = fc.array(
  fc.oneof(
    copied.map((text) => ({ copied: text })),
    attribute.map((filled) => ({ filled })),
  ),
  { minLength: 1, maxLength: 5 },
)
/** Joined, two copied parts can make the start of a variable, which is another template. */
const texts = parts.filter(
  (each) => !joined(each.map((part) => ('copied' in part ? part.copied : '\u0000'))).includes('${'),
)
const valuesOf = (value: fc.Arbitrary<string>) =>
  fc
    .dictionary(attribute, value, { noNullPrototype: false })
    .map((held) => new Map(Object.entries(held)))
const fullValues = fc
  .tuple(
    ...['site', 'line', '__proto__', 'constructor', 'toString', 'a,b', 'x:y/z'].map((name) =>
      fc.tuple(fc.constant(name), literalValue),
    ),
  )
  .map((entries) => new Map(entries))

const ARN = 'arn:aws:s3:::'
const PREFIX = 'iot:Connection.Thing.Attributes['

function joined(pieces: readonly string[]): string {
  return pieces.join('')
}

function templateText(each: readonly Part[]): string {
  return joined(
    each.map((part) => ('copied' in part ? part.copied : `\${${PREFIX}${part.filled}]}`)),
  )
}

/** What the text means: wildcards where the template has them, the very characters of the values elsewhere. */
function meaningOf(
  each: readonly Part[],
  values: ReadonlyMap<string, string>,
): readonly ReferenceToken[] {
  const literals = (text: string) => Array.from(text, (literal) => ({ literal }))
  return each.flatMap((part) => {
    if ('filled' in part) return literals(values.get(part.filled) ?? '')
    return Array.from(part.copied, (character): ReferenceToken => {
      if (character === '*') return 'any-run'
      return character === '?' ? 'any-one' : { literal: character }
    })
  })
}

function render(template: object, values: ReadonlyMap<string, string>) {
  const reading = parseSessionTemplate(JSON.stringify(template))
  if (!reading.ok) throw new Error(reading.problem)
  return renderSessionPolicy([{ name: 'p', template: reading.template }], (name) => {
    const value = values.get(name.slice(PREFIX.length, -1))
    return value === undefined ? [] : [value]
  })
}

function policyOf(each: readonly Part[]) {
  const text = templateText(each)
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:Put*'],
        Resource: [`${ARN}${text}`, `${ARN}b`],
        Condition: {
          StringLike: { 's3:prefix': text },
          StringEquals: { x: [text], y: 'z' },
          Bool: { b: true },
        },
      },
      { Effect: 'Deny', NotAction: 's3:*', NotResource: `${ARN}${text}` },
    ],
  }
}

/** The same tree with every text replaced: objects, keys, lists and their lengths, types. */
function shapeOf(value: unknown): unknown {
  if (typeof value === 'string') return 'text'
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value).map(([key, held]) => [key, shapeOf(held)])
}

type Rendered = {
  readonly Statement: readonly [
    {
      readonly Resource: readonly [string, string]
      readonly Condition: { StringLike: { 's3:prefix': string }; StringEquals: { x: [string] } }
    },
    { readonly NotResource: string },
  ]
}

// The time is for a busy machine.
describe('whatever the values are', { timeout: 60_000 }, () => {
  test('T17: the rendered policy has the template’s shape', () => {
    fc.assert(
      fc.property(texts, fullValues, (each, values) => {
        const rendering = render(policyOf(each), values)
        if (!rendering.ok) throw new Error(rendering.problem)
        expect(shapeOf(JSON.parse(rendering.policy))).toEqual(shapeOf(policyOf(each)))
      }),
      RUNS,
    )
  })

  test('each text means what the template says, with the values as mere characters', () => {
    fc.assert(
      fc.property(texts, fullValues, (each, values) => {
        const rendering = render(policyOf(each), values)
        if (!rendering.ok) throw new Error(rendering.problem)
        const [allowed, denied] = (JSON.parse(rendering.policy) as Rendered).Statement
        const meaning = meaningOf(each, values)
        const arn = [...meaningOf([{ copied: ARN }], values), ...meaning]
        expect(readReferencePattern(allowed.Resource[0])).toEqual(arn)
        expect(readReferencePattern(denied.NotResource)).toEqual(arn)
        expect(readReferencePattern(allowed.Condition.StringLike['s3:prefix'])).toEqual(meaning)
        expect(readReferencePattern(allowed.Condition.StringEquals.x[0])).toEqual(meaning)
      }),
      RUNS,
    )
  })

  test('T15: a Resource without wildcards of its own allows its literal ARN and nothing else', () => {
    const plain = texts
      .map((each) =>
        each.map((part) =>
          'copied' in part ? { copied: part.copied.replaceAll(/[*?]/g, '') } : part,
        ),
      )
      .filter(
        (each) =>
          !joined(each.map((part) => ('copied' in part ? part.copied : '\u0000'))).includes('${'),
      )
    fc.assert(
      fc.property(plain, fullValues, fullValues, hostile, (each, values, others, noise) => {
        const rendering = render(policyOf(each), values)
        if (!rendering.ok) throw new Error(rendering.problem)
        const [{ Resource }] = (JSON.parse(rendering.policy) as Rendered).Statement
        const literalArn = (held: ReadonlyMap<string, string>) =>
          ARN +
          joined(
            each.map((part) => ('copied' in part ? part.copied : (held.get(part.filled) ?? ''))),
          )
        const own = literalArn(values)
        const asked = [
          own,
          literalArn(others),
          `${own}${noise}`,
          `${noise}${own}`,
          ARN + noise,
          own.slice(0, -1),
        ]
        for (const arn of asked) expect(referenceMatches(Resource[0], arn)).toBe(arn === own)
      }),
      RUNS,
    )
  })

  test('T15, T16: a value is written so that only its own characters match, or it is refused', () => {
    const template = policyOf([{ filled: 'site' }])
    fc.assert(
      fc.property(fc.oneof(hostile, anything, fc.string()), (value) => {
        const rendering = render(template, new Map([['site', value]]))
        if (!rendering.ok) {
          const expected =
            value === '' ? ['missingVariable'] : ['unsafeValue', 'unsupportedCharacter']
          expect(expected).toContain(rendering.kind)
          expect(/^[ -.0-~\u00a0-\u00ff]+$/.test(value)).toBe(false)
          expect(value.length < 4 || !rendering.problem.includes(value)).toBe(true)
          return
        }
        expect(rendering.policy).toMatch(/^[ -\u00ff]{1,2048}$/)
        const [{ Resource }] = (JSON.parse(rendering.policy) as Rendered).Statement
        expect(referenceMatches(Resource[0], ARN + value)).toBe(true)
        expect(readReferencePattern(Resource[0])).toHaveLength(ARN.length + [...value].length)
      }),
      RUNS,
    )
  })

  test('T18: what is missing never widens the policy: an entry left is one that had its values', () => {
    fc.assert(
      fc.property(
        fc.array(attribute, { minLength: 1, maxLength: 6 }),
        valuesOf(literalValue),
        (names, values) => {
          const Resource = names.map((filled) => `${ARN}${templateText([{ filled }])}*`)
          const template = {
            Version: '2012-10-17',
            Statement: { Effect: 'Allow', Action: '*', Resource },
          }
          const rendering = render(template, values)
          const present = names.filter((name) => values.has(name))
          expect(rendering.ok).toBe(present.length > 0)
          if (!rendering.ok) {
            expect(rendering.kind).toBe('emptyPolicy')
            return
          }
          const [{ Resource: left }] = (JSON.parse(rendering.policy) as Rendered).Statement
          const meanings = present.map((filled) =>
            meaningOf([{ copied: ARN }, { filled }, { copied: '*' }], values),
          )
          expect(left.map(readReferencePattern)).toEqual(meanings)
        },
      ),
      RUNS,
    )
  })

  test('reading and rendering any text never throws', () => {
    const statement = fc.record(
      {
        Effect: fc.constantFrom('Allow', 'Deny'),
        Action: hostile,
        Resource: hostile.map((text) => ARN + text),
        Condition: fc.dictionary(hostile, fc.dictionary(hostile, fc.jsonValue())),
      },
      { requiredKeys: [] },
    )
    const document = fc.oneof(
      fc.jsonValue(),
      statement.map((Statement) => ({ Version: '2012-10-17', Statement })),
    )
    fc.assert(
      fc.property(document, (value) => {
        const reading = parseSessionTemplate(JSON.stringify(value))
        if (reading.ok)
          renderSessionPolicy([{ name: 'p', template: reading.template }], () => ['x'])
        else expect(reading.problem).not.toBe('')
      }),
      RUNS,
    )
  })
})

describe('the reference matcher', () => {
  test.each([
    ['a*b', 'ab', true],
    ['a*b', 'a/:b', true],
    ['a?b', 'ab', false],
    ['a?', 'a😀', true],
    ['a${*}', 'a*', true],
    ['a${*}', 'ab', false],
    ['${?}${$}{x}', '?${x}', true],
    ['${aws:x}', 'x', false],
    ['${aws:x', '${aws:x', true],
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
  ])('%s against %s: %s', (pattern, text, expected) => {
    expect(referenceMatches(pattern, text)).toBe(expected)
  })

  test('reads tokens one by one', () => {
    expect(readReferencePattern('${$}*?')).toEqual([{ literal: '$' }, 'any-run', 'any-one'])
    expect(referenceTokensMatch(['any-one', 'any-run'], '')).toBe(false)
  })
})
