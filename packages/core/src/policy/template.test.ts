// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are plain text
import { expect, test } from 'vitest'
import { codePointsOf, matchesTokens, STAR } from './pattern.ts'
import { createRequestContext, type RequestContext } from './request-context.ts'
import { createStepMeter } from './step-meter.ts'
import { compileTemplate, type Reading, resolveTemplate, unsetVariables } from './template.ts'

const LIKE: Reading = { dialect: 'iam', variables: true, wildcards: true, ignoreCase: false }

const context = createRequestContext([
  ['aws:username', 'ann'],
  ['aws:PrincipalTag/Star', '*'],
  ['aws:PrincipalTag/Nested', '${aws:username}'],
  ['aws:PrincipalTag/Empty', ''],
  ['aws:TagKeys', ['a']],
  ['iot:Certificate.Subject.CommonName', 'a*b'],
  ['iot:Connection.Thing.Attributes[a,b]', 'comma'],
])

const inquiry = (facts: RequestContext) => ({ context: facts, meter: createStepMeter() })

function compile(source: string, reading: Partial<Reading> = {}) {
  const compiled = compileTemplate(source, { ...LIKE, ...reading })
  if (!compiled.ok) throw new Error(compiled.problem)
  return compiled.value
}

const matches = (source: string, text: string, reading: Partial<Reading> = {}): boolean => {
  const resolved = resolveTemplate(compile(source, reading), inquiry(context))
  return resolved !== undefined && matchesTokens(resolved.tokens, codePointsOf(text))
}

test.each([
  ['${aws:username}', 'ann'],
  ['${AWS:UserName}', 'ann'],
  ['x/${aws:username}/${aws:username}/*', 'x/ann/ann/y'],
  ["${aws:username, 'bob'}", 'ann'],
  ["${aws:nobody, 'bob'}", 'bob'],
  ["${aws:nobody,'bob'}", 'bob'],
  ["${aws:nobody , 'b, b'}", 'b, b'],
  ["${aws:nobody, ''}", ''],
  ["${aws:nobody, '*'}", '*'],
  ["${aws:PrincipalTag/Empty, 'bob'}", 'bob'],
  ['${aws:PrincipalTag/Star}', '*'],
  ['${aws:PrincipalTag/Nested}', '${aws:username}'],
  ['${iot:Connection.Thing.Attributes[a,b]}', 'comma'],
  ['${*}${?}${$}', '*?$'],
  ['${$}{aws:username}', '${aws:username}'],
  ['$${aws:username}', '$ann'],
  ['$aws/{a}}', '$aws/{a}}'],
  ['a${aws:username', 'a${aws:username'],
  ['${aws:username}${', 'ann${'],
  ['${', '${'],
  ['${iot:Certificate.Subject.CommonName}', 'a*b'],
])('%s stands for %s', (source, text) => {
  expect(matches(source, text)).toBe(true)
})

test.each([
  ["${aws:nobody, '*'}", 'x'],
  ['${aws:PrincipalTag/Star}', 'x'],
  ['${aws:PrincipalTag/Nested}', 'ann'],
  ['${*}', 'x'],
  ['${?}', 'x'],
])('%s does not match %s', (source, text) => {
  expect(matches(source, text)).toBe(false)
})

test.each([
  ['${aws:nobody}', ['aws:nobody']],
  ['${toString}', ['toString']],
  ['${aws:PrincipalTag/Empty}', ['aws:PrincipalTag/Empty']],
  ['${aws:TagKeys}', ['aws:TagKeys']],
  ["${aws:TagKeys, 'a'}", ['aws:TagKeys']],
  ['${aws:username}${a}${b}${a}', ['a', 'b']],
])('%s is unset, and says which variables are', (source, names) => {
  expect(resolveTemplate(compile(source), inquiry(context))).toBe(undefined)
  expect(unsetVariables([compile(source), compile(source)], inquiry(context))).toEqual(names)
})

test('what is unset is not looked for when there are no steps left for it', () => {
  const templates = [compile('${a}'), compile('${b}')]
  const found = [199, 200].map((left) => unsetVariables(templates, { context, meter: { left } }))
  expect(found).toEqual([[], ['a', 'b']])
})

test('T15: a certificate value with a wildcard is unset under the rules of AWS IoT, fallback or not', () => {
  for (const source of [
    '${iot:Certificate.Subject.CommonName}',
    "${iot:certificate.subject.commonname, 'x'}",
  ]) {
    expect(resolveTemplate(compile(source, { dialect: 'iot' }), inquiry(context))).toBe(undefined)
  }
  expect(matches('${aws:PrincipalTag/Star}', '*', { dialect: 'iot' })).toBe(true)
})

test('an ambiguous variable stands for anything, fallback or not, but not beside one that is unset', () => {
  const several = createRequestContext([
    ['Site', 'a'],
    ['SITE', 'b'],
  ])
  const anything = [...codePointsOf('x/'), STAR, ...codePointsOf('/y')]
  for (const source of ['x/${site}/y', "x/${site, 'c'}/y"]) {
    expect(resolveTemplate(compile(source), inquiry(several))).toEqual({
      tokens: anything,
      ambiguous: true,
    })
    expect(unsetVariables([compile(source)], inquiry(several))).toEqual(['site'])
  }
  expect(resolveTemplate(compile('${site}*${none}'), inquiry(several))).toBe(undefined)
  const exact = resolveTemplate(compile('${Site}${*}*'), inquiry(several))
  expect(exact).toEqual({ tokens: [...codePointsOf('a*'), STAR], ambiguous: false })
})

test('a certificate value without special characters is substituted', () => {
  const plain = createRequestContext([['iot:Certificate.Subject.CommonName', 'lamp/9']])
  const template = compile('${iot:Certificate.Subject.CommonName}', { dialect: 'iot' })
  expect(resolveTemplate(template, inquiry(plain))).toEqual({
    tokens: codePointsOf('lamp/9'),
    ambiguous: false,
  })
})

test.each([
  '${}',
  '${ }',
  '${ aws:username}',
  '${aws:username }',
  "${, 'x'}",
  "${aws:username, 'x}",
  "${aws:username 'x'}",
  "${aws:username, 'x'y}",
  "${aws:username, 'x''}",
  '${a${b}}',
  '${a{b}',
  '${a$b}',
  "${'}",
  '${a ${aws:username}',
])('refuses %s', (source) => {
  const problem = `${JSON.stringify(source)} has a malformed variable`
  expect(compileTemplate(source, LIKE)).toEqual({ ok: false, problem })
})

test('without variables every ${…} is plain text', () => {
  const old = { variables: false }
  expect(matches('${aws:username}', '${aws:username}', old)).toBe(true)
  expect(matches('${a${', '${a${', old)).toBe(true)
  expect(matches('${*}', '${xy}', old)).toBe(true)
  expect(compile('${aws:username}', old).variables).toEqual([])
})

test('without wildcards * and ? are plain text', () => {
  const equals = { wildcards: false }
  expect(matches('a*?', 'a*?', equals)).toBe(true)
  expect(matches('a*?', 'abc', equals)).toBe(false)
})

test('ignoring case folds text, values and fallbacks, and leaves names alone', () => {
  const folded = { ignoreCase: true }
  const upper = createRequestContext([['Name', 'ÄNN']])
  const template = compile("AB*${Name}${none, 'C'}", folded)
  expect(resolveTemplate(template, inquiry(upper))?.tokens).toEqual([
    97,
    98,
    -1,
    ...codePointsOf('ännc'),
  ])
  expect(template.variables).toEqual(['Name', 'none'])
})

test('keeps what the author wrote and is frozen', () => {
  const template = compile('a/${x}/*')
  expect(template.source).toBe('a/${x}/*')
  expect([template, template.parts, template.variables].every(Object.isFrozen)).toBe(true)
})

test('substitutes a value longer than any call stack', () => {
  const long = createRequestContext([['x', 'v'.repeat(300_000)]])
  expect(resolveTemplate(compile('${x}'), inquiry(long))?.tokens.length).toBe(300_000)
})

test.each([
  ['unclosed variables', '${'.repeat(100_000)],
  ['commas', `\${${', '.repeat(100_000)}}`],
  ['blanks', `\${${' '.repeat(200_000)}'}`],
])('compiles within time: %s', (_, source) => {
  const start = performance.now()
  compileTemplate(source, LIKE)
  expect(performance.now() - start).toBeLessThan(1000)
})
