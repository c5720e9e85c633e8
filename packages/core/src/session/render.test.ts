// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are plain text
import { describe, expect, test } from 'vitest'
import { LONGEST_POLICY, type Rendering, renderSessionPolicy } from './render.ts'
import { parseSessionTemplate, type SessionTemplate } from './template.ts'

type Values = Readonly<Record<string, string | readonly string[]>>

const NAME = 'iot:Connection.Thing.ThingName'
const SITE = 'iot:Connection.Thing.Attributes[site]'
const COMMON_NAME = 'iot:Certificate.Subject.CommonName'
const UNITS = 'iot:Certificate.Subject.OrganizationalUnit.List'
const ARN = 'arn:aws:s3:::b/'

function template(...statements: readonly object[]): SessionTemplate {
  const reading = parseSessionTemplate(
    JSON.stringify({ Version: '2012-10-17', Statement: statements }),
  )
  if (!reading.ok) throw new Error(reading.problem)
  return reading.template
}

function render(values: Values, ...statements: readonly object[]): Rendering {
  const held = new Map(Object.entries(values))
  const read = (name: string): readonly string[] => [held.get(name) ?? []].flat()
  return renderSessionPolicy([{ name: 'policy p', template: template(...statements) }], read)
}

/** The statements that are left. */
function statementsOf(
  rendering: Rendering,
): readonly { readonly Resource?: unknown; readonly Condition?: unknown }[] {
  if (!rendering.ok) throw new Error(rendering.problem)
  return JSON.parse(rendering.policy).Statement
}

const allow = (resource: unknown) => ({ Effect: 'Allow', Action: 's3:x', Resource: resource })
const given = (operator: string, value: unknown) => ({
  ...allow('*'),
  Condition: { [operator]: { 'aws:x': value } },
})

/** What becomes of one Resource. */
function resourceOf(resource: string, values: Values): unknown {
  return statementsOf(render(values, allow(resource)))[0]?.Resource
}

/** What becomes of one condition value. */
function conditionValueOf(operator: string, value: unknown, values: Values): unknown {
  const [statement] = statementsOf(render(values, given(operator, value)))
  const condition = statement?.Condition as Record<string, Record<string, unknown>>
  return condition[operator]?.['aws:x']
}

describe('a policy is rendered', () => {
  test('minified, without Sids, every element as it was written', () => {
    const statements = [
      {
        Sid: 'Own',
        Effect: 'Allow',
        Action: ['s3:Get*'],
        Resource: [`${ARN}\${${NAME}}/*`, '*'],
        Condition: {
          StringLike: { 's3:prefix': ['a b', 'c'], 'aws:y': [] },
          Bool: { 'aws:z': true },
          NumericLessThan: { n: [1, 2.5] },
        },
      },
      { Effect: 'Deny', NotAction: 's3:x', NotResource: `${ARN}*` },
    ]
    const rendering = render({ [NAME]: 'cam' }, ...statements)
    expect(rendering).toEqual({
      ok: true,
      policy:
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*"],"Resource":["arn:aws:s3:::b/cam/*","*"],' +
        '"Condition":{"StringLike":{"s3:prefix":["a b","c"],"aws:y":[]},"Bool":{"aws:z":true},"NumericLessThan":{"n":[1,2.5]}}},' +
        '{"Effect":"Deny","NotAction":"s3:x","NotResource":"arn:aws:s3:::b/*"}]}',
      dropped: [],
    })
  })

  test('T19: with names such as __proto__ as ordinary condition keys', () => {
    const text = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"__proto__":"\${${NAME}}"}}}}`
    const reading = parseSessionTemplate(text)
    if (!reading.ok) throw new Error(reading.problem)
    const named = [{ name: 'p', template: reading.template }]
    const rendering = renderSessionPolicy(named, () => ['cam'])
    expect(rendering).toMatchObject({ policy: expect.stringContaining('{"__proto__":"cam"}') })
  })

  test('from several templates, united in their order', () => {
    const named = ['a', 'b'].map((name) => ({ name, template: template(allow(ARN + name)) }))
    const rendering = renderSessionPolicy(named, () => [])
    expect(statementsOf(rendering)).toEqual([allow(`${ARN}a`), allow(`${ARN}b`)])
  })

  test.each([
    ['one value', `${ARN}\${${NAME}}`, `${ARN}cam`],
    ['several placeholders', `${ARN}\${${NAME}}-\${${SITE}}\${${NAME}}`, `${ARN}cam-p7cam`],
    ['a name in another letter case', `${ARN}\${IOT:connection.THING.thingname}`, `${ARN}lower`],
    ['a default that is not needed', `${ARN}\${${NAME}, 'x'}`, `${ARN}cam`],
    ['a default', `${ARN}\${${COMMON_NAME}, 'any one'}/x`, `${ARN}any one/x`],
    ['a default without a space', `${ARN}\${${COMMON_NAME},'x'}`, `${ARN}x`],
    [
      'a default that looks like syntax',
      `${ARN}\${iot:CertificateId, '*?$'}`,
      `${ARN}\${*}\${?}\${$}`,
    ],
    ['an attribute’s comma', `${ARN}\${iot:Connection.Thing.Attributes[a,b], 'x'}`, `${ARN}ab`],
    ['wildcards of the template', `${ARN}*/\${${NAME}}?`, `${ARN}*/cam?`],
    [
      'variables of IAM',
      `${ARN}\${aws:username}\${s3:x, 'y'}\${*}\${?}\${$}`,
      `${ARN}\${aws:username}\${s3:x, 'y'}\${*}\${?}\${$}`,
    ],
    [
      'other prefixes with ours inside',
      `${ARN}\${xiot:a}\${aws:iot:b}`,
      `${ARN}\${xiot:a}\${aws:iot:b}`,
    ],
    ['what only looks like a variable', `${ARN}$(x){y}$`, `${ARN}$(x){y}$`],
    ['an open variable of IAM at the end', `${ARN}\${aws:x`, `${ARN}\${aws:x`],
    ['a dollar before a placeholder', `${ARN}$$\${${NAME}}`, `${ARN}$\${$}cam`],
    ['a dollar before a variable of IAM', `${ARN}$\${aws:x}\${${NAME}}`, `${ARN}$\${aws:x}cam`],
    ['a dollar elsewhere before a placeholder', `${ARN}$a\${${NAME}}`, `${ARN}$acam`],
    ['braces around a placeholder', `${ARN}{\${${NAME}}}`, `${ARN}{cam}`],
  ])('with %s', (_, resource, expected) => {
    const values = {
      [NAME]: 'cam',
      [SITE]: 'p7',
      'IOT:connection.THING.thingname': 'lower',
      'iot:Connection.Thing.Attributes[a,b]': 'ab',
    }
    expect(resourceOf(resource, values)).toBe(expected)
  })
})

describe('a value', () => {
  test.each([
    ['*', '${*}'],
    ['?', '${?}'],
    ['$', '${$}'],
    ['a*b?c$', 'a${*}b${?}c${$}'],
    ['${aws:username}', '${$}{aws:username}'],
    ['${*}', '${$}{${*}}'],
    ['"],"x":["', '"],"x":["'],
    ['\\u002a', '\\u002a'],
    ["$&$'$`$1", "${$}&${$}'${$}`${$}1"],
    ['a:b', 'a:b'],
    ['\u00a0\u00ff~ ', '\u00a0\u00ff~ '],
    ['__proto__', '__proto__'],
    ['x'.repeat(1024), 'x'.repeat(1024)],
  ])('%j goes into a Resource as %j', (value, expected) => {
    expect(resourceOf(`${ARN}\${${SITE}}`, { [SITE]: value })).toBe(ARN + expected)
  })

  test('that begins with a brace makes no variable with a dollar of the template', () => {
    const resource = resourceOf(`${ARN}$\${${SITE}}`, { [SITE]: '{aws:username}' })
    expect(resource).toBe(`${ARN}\${$}{aws:username}`)
  })

  const unsafe: readonly (readonly [what: string, value: string, problem: string])[] = [
    ['a slash', 'a/b', "has '/', which may not stand here"],
    ['1,025 characters', 'x'.repeat(1025), 'is over 1024 characters'],
    ...['\t', '\n', '\r', '\u007f', '\u009f'].map(
      (character) =>
        [JSON.stringify(character), `a${character}`, 'has a control character'] as const,
    ),
  ]
  test.each(unsafe)('with %s is refused in a Resource', (_, value, what) => {
    const problem = `policy p: Statement[0]: Resource: the value of \${${SITE}} ${what}`
    const rendering = render({ [SITE]: value }, allow(`${ARN}\${${SITE}}`))
    expect(rendering).toEqual({ ok: false, kind: 'unsafeValue', problem })
  })

  test.each(['\u0100', '東京', '\u{1f600}', '\u0000', '\u001f', '\ud800'])(
    'T22: with %j is refused, as STS takes no such character',
    (value) => {
      const problem = `policy p: Statement[0]: Resource: the value of \${${SITE}} has a character that STS refuses`
      const rendering = render({ [SITE]: `a${value}` }, allow(`${ARN}\${${SITE}}`))
      expect(rendering).toEqual({ ok: false, kind: 'unsupportedCharacter', problem })
    },
  )

  test.each(['*', '?', '$', 'a*'])('%j of a certificate is refused', (value) => {
    const problem = `policy p: Statement[0]: Resource: the value of \${${COMMON_NAME}} comes from the certificate and has '*', '?' or '$'`
    const rendering = render({ [COMMON_NAME]: value }, allow(`${ARN}\${${COMMON_NAME}}`))
    expect(rendering).toEqual({ ok: false, kind: 'unsafeValue', problem })
  })

  test('of a certificate is filled in otherwise', () => {
    expect(resourceOf(`${ARN}\${${COMMON_NAME}}`, { [COMMON_NAME]: 'a+b#c' })).toBe(`${ARN}a+b#c`)
  })

  test('is refused wherever it is not wanted, also beside one that is missing', () => {
    const rendering = render(
      { [NAME]: 'a/b' },
      {
        ...allow(`${ARN}\${${NAME}}`),
        Condition: { StringEquals: { x: `\${${SITE}}` } },
      },
    )
    expect(rendering).toMatchObject({ kind: 'unsafeValue' })
  })
})

describe('a condition value', () => {
  const whole = `\${${SITE}}`
  test.each([
    ['StringEquals', whole, 'a/b', 'a/b'],
    ['StringNotEquals', `x${whole}`, 'a/b', 'xa/b'],
    ['StringEqualsIgnoreCase', whole, 'a:/*', 'a:/${*}'],
    ['ForAnyValue:StringEquals', whole, 'a/b', 'a/b'],
    ['StringEqualsIfExists', whole, 'a/b', 'a/b'],
    ['StringEquals', `1:2:3:4:5:${whole}`, 'a/b', '1:2:3:4:5:a/b'],
    ['StringLike', `${whole}/*`, 'a:b', 'a:b/*'],
    ['ArnLike', `arn:aws:x:::t/${whole}`, 'a:b', 'arn:aws:x:::t/a:b'],
    ['ArnEquals', `arn:aws:${whole}:::t`, 'a', 'arn:aws:a:::t'],
    ['ArnEquals', whole, 'arn:aws:sns:us-east-1:1:t', 'arn:aws:sns:us-east-1:1:t'],
  ])('of %s: %s', (operator, text, value, expected) => {
    expect(conditionValueOf(operator, text, { [SITE]: value })).toBe(expected)
  })

  test.each([
    ['StringLike', `x${whole}`, 'a/b', '/'],
    ['StringLike', whole, 'a/b', '/'],
    ['StringNotLike', whole, 'a/b', '/'],
    ['ForAllValues:StringLike', whole, 'a/b', '/'],
    ['ForAnyValue:StringNotLikeIfExists', whole, 'a/b', '/'],
    ['StringLike', `1:2:3:4:5:${whole}`, 'a/b', '/'],
    ['ArnEquals', whole, 'a/b', '/'],
    ['ArnNotEquals', `arn:aws:x:::${whole}`, 'a/b', '/'],
    ['ForAnyValue:ArnLike', `arn:aws:${whole}:::x`, 'a/b', '/'],
    ['ArnLike', `arn:aws:${whole}:::x`, 'a:b', ':'],
    ['ArnNotLikeIfExists', `arn:\${aws:a:b:c:d}${whole}`, 'a:b', ':'],
  ])('of %s: %s refuses %s', (operator, text, value, character) => {
    const problem = `policy p: Statement[0]: Condition: the value of \${${SITE}} has '${character}', which may not stand here`
    const rendering = render({ [SITE]: value }, given(operator, text))
    expect(rendering).toEqual({ ok: false, kind: 'unsafeValue', problem })
  })

  test.each([
    ['alone', `\${${UNITS}}`, ['a', 'b'], ['a', 'b']],
    ['alone, of one', `\${${UNITS}}`, ['a'], 'a'],
    ['in a list', ['x', `\${${UNITS}}`, 'y'], ['a', 'b'], ['x', 'a', 'b', 'y']],
    ['in a list, of one', [`\${${UNITS}}`], ['a'], ['a']],
    ['that is missing, by its default', `\${${UNITS}, 'none'}`, [], 'none'],
    ['with an empty item, by its default', `\${${UNITS}, 'none'}`, ['a', ''], 'none'],
  ])('that is a list is expanded: %s', (_, value, items, expected) => {
    expect(conditionValueOf('ForAnyValue:StringEquals', value, { [UNITS]: items })).toEqual(
      expected,
    )
  })

  test.each(['StringLike', 'ForAnyValue:ArnLike'])(
    'that is a list is expanded for %s too',
    (operator) => {
      const values = { [UNITS]: ['arn:aws:sns:::a', 'b'] }
      expect(conditionValueOf(operator, `\${${UNITS}}`, values)).toEqual(values[UNITS])
    },
  )

  test('that is a list is judged item by item', () => {
    const rendering = render({ [UNITS]: ['a', 'b*'] }, given('StringEquals', `\${${UNITS}}`))
    expect(rendering).toMatchObject({ ok: false, kind: 'unsafeValue' })
  })

  test('with several values where one is needed is refused', () => {
    const problem = `policy p: Statement[0]: Condition: \${${SITE}} has several values where one is needed`
    const rendering = render({ [SITE]: ['a', 'b'] }, given('StringEquals', `x\${${SITE}}`))
    expect(rendering).toEqual({
      ok: false,
      kind: 'multiValuedVariable',
      problem,
    })
    expect(resourceOf(`${ARN}\${${SITE}}`, { [SITE]: ['a'] })).toBe(`${ARN}a`)
  })
})

describe('a missing value', () => {
  const own = `${ARN}\${${NAME}}/*`
  const sited = `${ARN}\${${SITE}}*`
  const drops = (what: string) => `policy p: Statement[${what}, no value for \${${SITE}}`

  test('drops the entry of an Allow', () => {
    const rendering = render({ [NAME]: 'cam' }, allow([sited, own]))
    expect(statementsOf(rendering)).toEqual([allow([`${ARN}cam/*`])])
    expect(rendering).toMatchObject({ dropped: [drops('0]: Resource entry')] })
  })

  test.each([
    ['absent', []],
    ['empty', ''],
    ['an empty list', []],
    ['a list with an empty item', ['a', '']],
  ])('drops the statement when no entry is left: %s', (_, value) => {
    const statements = [allow(sited), { ...allow(own), Sid: 'Own' }]
    const rendering = render({ [NAME]: 'cam', [SITE]: value }, ...statements)
    expect(statementsOf(rendering)).toEqual([allow(`${ARN}cam/*`)])
  })

  test('drops the statement of an Allow whose condition needs it', () => {
    const statements = [given('StringEquals', ['x', `\${${SITE}}`]), allow(own)]
    const rendering = render({ [NAME]: 'cam' }, ...statements)
    expect(statementsOf(rendering)).toEqual([allow(`${ARN}cam/*`)])
    expect(rendering).toMatchObject({ dropped: [drops('0]: statement')] })
  })

  const { Resource: _, ...anywhere } = allow('*')
  test.each([
    ['the Resource of a Deny', { ...allow([own, sited]), Effect: 'Deny' }],
    ['the condition of a Deny', { ...given('StringEquals', `\${${SITE}}`), Effect: 'Deny' }],
    ['the NotResource of an Allow', { ...anywhere, NotResource: [own, sited] }],
    ['the NotResource of a Deny', { ...anywhere, NotResource: [own, sited], Effect: 'Deny' }],
  ])('refuses in %s', (_place, statement) => {
    const problem = `policy p: Statement[1]: no value for \${${SITE}}`
    const rendering = render({ [NAME]: 'cam' }, allow(own), statement)
    expect(rendering).toEqual({ ok: false, kind: 'missingVariable', problem })
  })

  test('in the condition of an Allow with NotResource drops the statement', () => {
    const statement = {
      ...anywhere,
      NotResource: own,
      Condition: { StringEquals: { x: `\${${SITE}}` } },
    }
    const rendering = render({ [NAME]: 'cam' }, statement, allow(own))
    expect(statementsOf(rendering)).toEqual([allow(`${ARN}cam/*`)])
  })

  test('T21: refuses when no Allow is left, and says what is left out', () => {
    const deny = { ...allow('*'), Effect: 'Deny' }
    const four = [deny, allow(sited), allow([sited]), allow(sited), allow(sited)]
    const problem = [
      'no Allow is left',
      ...[1, 2, 3].map((at) => drops(`${at}]: Resource entry`)),
    ].join('; left out: ')
    expect(render({}, ...four)).toEqual({ ok: false, kind: 'emptyPolicy', problem })
  })

  test('leaves nothing of no template at all', () => {
    const rendering = renderSessionPolicy([], () => [])
    expect(rendering).toEqual({ ok: false, kind: 'emptyPolicy', problem: 'no Allow is left' })
  })

  test('in one policy does not undo the Allow of another', () => {
    const named = [allow(sited), allow('*')].map((statement, at) => ({
      name: `${at}`,
      template: template(statement),
    }))
    expect(statementsOf(renderSessionPolicy(named, () => []))).toEqual([allow('*')])
  })
})

describe('the size', () => {
  const fixed = JSON.stringify({ Version: '2012-10-17', Statement: [allow(ARN)] }).length

  test.each([
    ['2,048 characters', 'x'.repeat(LONGEST_POLICY - fixed), true],
    ['2,049 characters', 'x'.repeat(LONGEST_POLICY - fixed + 1), false],
    ['2,048 characters, the last beyond ASCII', `${'x'.repeat(LONGEST_POLICY - fixed - 1)}ÿ`, true],
    ['2,048 characters with quotes', `${'x'.repeat(LONGEST_POLICY - fixed - 2)}"`, true],
    ['2,049 characters with quotes', `${'x'.repeat(LONGEST_POLICY - fixed - 1)}"`, false],
    ['2,049 characters with a backslash', `${'x'.repeat(LONGEST_POLICY - fixed - 1)}\\`, false],
  ])('of %s fits: %s', (_, text, fits) => {
    const rendering = render({}, allow(ARN + text))
    expect(rendering.ok).toBe(fits)
    if (rendering.ok) expect(rendering.policy).toHaveLength(LONGEST_POLICY)
    else expect(rendering).toMatchObject({ kind: 'policyTooLarge' })
  })

  test('counts the values', () => {
    const room = LONGEST_POLICY - fixed
    const text = `${ARN}${'x'.repeat(room - 20)}\${${NAME}}`
    expect(render({ [NAME]: 'y'.repeat(20) }, allow(text)).ok).toBe(true)
    expect(render({ [NAME]: 'y'.repeat(21) }, allow(text)).ok).toBe(false)
    expect(render({ [SITE]: `${'y'.repeat(18)}*` }, allow(text.replace(NAME, SITE))).ok).toBe(false)
  })

  test('over the limit names size and the three largest statements, never a value', () => {
    const sizes = [400, 700, 100, 900]
    const statements = sizes.map((size) => ({
      Sid: `S${size}`,
      ...allow(`${ARN}${'x'.repeat(size)}\${${NAME}}`),
    }))
    const rendering = render({ [NAME]: 'secret' }, ...statements)
    const base = JSON.stringify(allow(`${ARN}secret`)).length
    const named = (at: number) =>
      `policy p: Statement[${at}] (Sid "S${sizes[at]}") (${base + (sizes[at] ?? 0)})`
    const total = '{"Version":"2012-10-17","Statement":[]}'.length + 4 * base + 2100 + 3
    expect(rendering).toEqual({
      ok: false,
      kind: 'policyTooLarge',
      problem: `${total} characters of 2048; largest: ${named(3)}, ${named(1)}, ${named(0)}`,
    })
  })
})
