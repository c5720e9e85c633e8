// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are plain text
import { expect, test } from 'vitest'
import { checkSessionTemplate } from './check.ts'
import { LONGEST_POLICY } from './render.ts'
import { parseSessionTemplate } from './template.ts'

const slot = '${iot:Connection.Thing.Attributes[site]}'

function policy(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
}

const own = { Effect: 'Allow', Action: 's3:x', Resource: `arn:aws:s3:::b/${slot}` }

test('a template that can be rendered is read as it would be', () => {
  const text = policy({ ...own, Sid: 'Own' })
  expect(checkSessionTemplate(text)).toEqual(parseSessionTemplate(text))
})

test('what cannot be read is refused with statement and reason', () => {
  expect(checkSessionTemplate(policy({ ...own, Sid: 'Own', Action: slot }))).toEqual({
    ok: false,
    kind: 'placeholderNotAllowed',
    problem:
      'Statement[0] (Sid "Own"): Action: ${iot:Connection.Thing.Attributes[site]} may not stand here',
  })
})

test('a template that has nothing but a Deny may be attached beside others', () => {
  expect(checkSessionTemplate(policy({ ...own, Effect: 'Deny' }))).toMatchObject({ ok: true })
})

const condition = (prefix: string, value: unknown) => ({
  ...own,
  Condition: { StringEquals: { x: [prefix, value] }, Bool: { y: true }, NumericEquals: { z: [1] } },
})

test.each(['Allow', 'Deny'])(
  'the size is that of the text with every value empty: %s',
  (Effect) => {
    const empty = { ...condition('', ''), Effect, Resource: 'arn:aws:s3:::b/' }
    const room = LONGEST_POLICY - policy(empty).length
    const fitting = { ...condition('x'.repeat(room), slot), Effect }
    const over = { ...condition('x'.repeat(room + 1), slot), Effect }
    expect(checkSessionTemplate(policy(fitting))).toMatchObject({ ok: true })
    const size = JSON.stringify({
      ...empty,
      Condition: condition('x'.repeat(room + 1), '').Condition,
    }).length
    expect(checkSessionTemplate(policy({ ...over, Sid: 'Own' }))).toEqual({
      ok: false,
      kind: 'policyTooLarge',
      problem: `2049 characters of 2048; largest: with every value empty: Statement[0] (Sid "Own") (${size})`,
    })
  },
)

test('a Sid, white space and the names of placeholders do not count', () => {
  const resources = Array.from(
    { length: 60 },
    (_, at) => `arn:aws:s3:::b/${at}${slot.replace('}', ", 'x'}")}`,
  )
  const text = JSON.stringify(
    JSON.parse(policy({ ...own, Sid: 'S'.repeat(999), Resource: resources })),
    null,
    9,
  )
  expect(checkSessionTemplate(text)).toMatchObject({ ok: true })
})
