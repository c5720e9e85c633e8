import { BlockList, isIP } from 'node:net'

/**
 * A second policy evaluator, for tests only: slow and plain, it works on the JSON as it stands, imports nothing of the engine
 * and takes another way wherever there is one (dynamic programming, `Buffer`, `BlockList`). Where the two differ, one is wrong.
 * It expects documents that the engine's parser accepts. Source: IAM User Guide, reference_policies_*; the project's rules
 * where AWS is silent are written out below a second time.
 */

/** Context of a request: condition key → value or values. */
export type ReferenceContext = Readonly<Record<string, string | readonly string[]>>

/** A request. */
export type ReferenceRequest = {
  readonly action: string
  readonly resource: string
  readonly context: ReferenceContext
}

/** What is to be decided. */
export type ReferenceQuestion = {
  readonly dialect: 'iot' | 'iam'
  readonly policies: readonly ReferencePolicy[]
  readonly sessionPolicies?: readonly ReferencePolicy[]
  readonly request: ReferenceRequest
}

/** A policy as `JSON.parse` gives it. */
export type ReferencePolicy = {
  readonly Version?: string
  readonly Statement: ReferenceStatement | readonly ReferenceStatement[]
}

type Scalar = string | number | boolean

/** A statement as `JSON.parse` gives it. */
export type ReferenceStatement = {
  readonly Effect: 'Allow' | 'Deny'
  readonly Action?: string | readonly string[]
  readonly NotAction?: string | readonly string[]
  readonly Resource?: string | readonly string[]
  readonly NotResource?: string | readonly string[]
  readonly Condition?: Readonly<
    Record<string, Readonly<Record<string, Scalar | readonly Scalar[]>>>
  >
}

type Result = 'allow' | 'implicitDeny' | 'explicitDeny'

/** Decides. */
export function referenceDecide(question: ReferenceQuestion): Result {
  const role = decideUnion(question.policies, question)
  if (question.sessionPolicies === undefined) return role
  const session = decideUnion(question.sessionPolicies, question)
  if (role === 'explicitDeny' || session === 'explicitDeny') return 'explicitDeny'
  return role === 'allow' && session === 'allow' ? 'allow' : 'implicitDeny'
}

/** Whether a pattern of `*` and `?` matches the whole text. */
export function referenceMatches(pattern: string, text: string): boolean {
  return matches(atomsOf(pattern), [...text])
}

type Atom = { readonly char: string } | { readonly wild: '*' | '?' }

/** Row i says which beginnings of the text the first i atoms match. */
function matches(atoms: readonly Atom[], text: readonly string[]): boolean {
  let row = [true, ...text.map(() => false)]
  for (const atom of atoms) {
    const next: boolean[] = []
    for (const [j, reached] of row.entries()) next.push(step(atom, text[j - 1], reached, row, next))
    row = next
  }
  return row.at(-1)!
}

/** Whether the atom and those before it match the text up to and including `character`. */
function step(
  atom: Atom,
  character: string | undefined,
  reached: boolean,
  row: readonly boolean[],
  next: readonly boolean[],
): boolean {
  const star = 'wild' in atom && atom.wild === '*'
  if (star) return reached || next.at(-1) === true
  const fits = 'wild' in atom || atom.char === character
  return fits && row[next.length - 1] === true
}

type Env = {
  readonly dialect: 'iot' | 'iam'
  readonly variables: boolean
  readonly context: ReferenceContext
}

function decideUnion(
  policies: readonly ReferencePolicy[],
  { dialect, request }: ReferenceQuestion,
): Result {
  const effects = policies.flatMap((policy) => {
    const env = { dialect, variables: policy.Version === '2012-10-17', context: request.context }
    return [policy.Statement]
      .flat()
      .filter((statement) => applies(statement as ReferenceStatement, request, env))
      .map((statement) => (statement as ReferenceStatement).Effect)
  })
  if (effects.includes('Deny')) return 'explicitDeny'
  return effects.includes('Allow') ? 'allow' : 'implicitDeny'
}

function applies(statement: ReferenceStatement, request: ReferenceRequest, env: Env): boolean {
  return (
    actionApplies(statement, request.action) &&
    resourceApplies(statement, request.resource, env) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(
        ([key, values]) =>
          // What nobody can tell counts against the request.
          conditionHolds(operator, key, listOf(values).map(String), env) ??
          statement.Effect === 'Deny',
      ),
    )
  )
}

function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value as T]
}

function actionApplies(statement: ReferenceStatement, action: string): boolean {
  const listed = (patterns: readonly string[]): boolean =>
    patterns.some((pattern) => referenceMatches(pattern.toLowerCase(), action.toLowerCase()))
  return statement.Action !== undefined
    ? listed(listOf(statement.Action))
    : !listed(listOf(statement.NotAction))
}

function resourceApplies(statement: ReferenceStatement, resource: string, env: Env): boolean {
  const narrow = (text: Text): boolean => matchesBySegment(text.atoms, resource)
  const wide = (text: Text): boolean => narrow(text) || matches(text.atoms, [...resource])
  const sure = (text: Text | undefined): text is Text => text?.sure === true
  const allow = statement.Effect === 'Allow'
  if (statement.Resource !== undefined) {
    const entries = listOf(statement.Resource).map((text) => expand(text, true, env))
    if (allow) return entries.filter(sure).some(narrow)
    return entries.some((text) => text !== undefined && wide(text))
  }
  const exceptions = listOf(statement.NotResource).map((text) => expand(text, true, env))
  if (allow && !exceptions.every(sure)) return false
  return !exceptions.filter(sure).some(allow ? wide : narrow)
}

function matchesBySegment(atoms: readonly Atom[], text: string): boolean {
  if (atoms.length === 1 && 'wild' in atoms[0]! && atoms[0].wild === '*') return true
  const patterns = cut(atoms, (atom) => 'char' in atom && atom.char === ':')
  const texts = cut([...text], (character) => character === ':')
  return (
    patterns.length === texts.length && patterns.every((pattern, i) => matches(pattern, texts[i]!))
  )
}

/** Cuts at the first five colons. */
function cut<T>(items: readonly T[], isColon: (item: T) => boolean): T[][] {
  const segments: T[][] = [[]]
  for (const item of items) {
    if (isColon(item) && segments.length < 6) segments.push([])
    else segments.at(-1)!.push(item)
  }
  return segments
}

/** What a pattern stands for; not sure where any text stands for a variable that several attributes could be. */
type Text = { readonly atoms: readonly Atom[]; readonly sure: boolean }

/** Puts variables in; `undefined` = one of them is unset. */
function expand(text: string, wildcards: boolean, env: Env): Text | undefined {
  const pieces = env.variables
    ? [...text.matchAll(/\$\{([^}]*)\}|./gsu)]
    : [...text].map((c) => [c])
  const runs = pieces.map(([piece = '', body]) => {
    if (body === undefined) return wildcards ? atomsOf(piece) : literals(piece)
    const value = substitute(body, env)
    if (value === AMBIGUOUS) return AMBIGUOUS
    return value === undefined ? undefined : literals(value)
  })
  if (runs.includes(undefined)) return undefined
  const atoms = runs.flatMap((run) => (run === AMBIGUOUS ? { wild: '*' as const } : (run ?? [])))
  return { atoms, sure: !runs.includes(AMBIGUOUS) }
}

function literals(text: string): readonly Atom[] {
  return [...text].map((char) => ({ char }))
}

function atomsOf(text: string): readonly Atom[] {
  return [...text].map((c) => (c === '*' || c === '?' ? { wild: c } : { char: c }))
}

function substitute(body: string, env: Env): string | typeof AMBIGUOUS | undefined {
  if (['*', '?', '$'].includes(body)) return body
  const quoted = /^(.*),\s*'(.*)'$/u.exec(body)
  const name = quoted === null ? body : quoted[1]!.trim()
  const value = lookUp(name, env.context)
  if (value === undefined || value === '') return quoted?.[2]
  if (value === AMBIGUOUS) return AMBIGUOUS
  if (typeof value !== 'string') return undefined
  const ofCertificate = env.dialect === 'iot' && /^iot:certificate\./iu.test(name)
  const harmless = [...'*$+?#'].every((character) => !value.includes(character))
  return !ofCertificate || (harmless && value.length <= 1024) ? value : undefined
}

/** Several keys could be meant. */
const AMBIGUOUS = Symbol('ambiguous')

function lookUp(
  key: string,
  context: ReferenceContext,
): string | readonly string[] | typeof AMBIGUOUS | undefined {
  const present = Object.entries(context).filter(([, value]) => value.length > 0 || value === '')
  const exact = present.find(([name]) => name === key)
  const similar = present.filter(([name]) => folded(name) === folded(key))
  if (exact !== undefined) return exact[1]
  return similar.length > 1 ? AMBIGUOUS : similar[0]?.[1]
}

/** `undefined` = nobody can tell. */
function conditionHolds(
  operator: string,
  key: string,
  policyValues: readonly string[],
  env: Env,
): boolean | undefined {
  const value = lookUp(key, env.context)
  if (value === AMBIGUOUS) return undefined
  if (operator === 'Null') return policyValues.some((text) => text === String(value === undefined))
  const base = operator.replace(/^For(All|Any)Values?:/u, '').replace(/IfExists$/u, '')
  const negated = base.includes('Not')
  const positive = base.replace('Not', '')
  if (value === undefined) return holdsWithoutKey(operator, negated)
  const holds = (text: string): boolean | undefined => {
    if (/^iot:certificate\./iu.test(key) && text.length > 1024) return undefined
    const hit = anyOf(policyValues.map((policyValue) => compares(positive, text, policyValue, env)))
    return negated ? not(hit) : hit
  }
  const values = listOf(value).map(holds)
  if (operator.startsWith('ForAllValues:')) return not(anyOf(values.map(not)))
  if (operator.startsWith('ForAnyValue:')) return anyOf(values)
  return values.length > 1 ? undefined : values[0]
}

/** Kleene's or. */
function anyOf(values: readonly (boolean | undefined)[]): boolean | undefined {
  if (values.includes(true)) return true
  return values.includes(undefined) ? undefined : false
}

function not(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value
}

function holdsWithoutKey(operator: string, negated: boolean): boolean {
  if (operator.endsWith('IfExists') || operator.startsWith('ForAllValues:')) return true
  return negated && !operator.startsWith('ForAnyValue:')
}

/** Whether one value of the request compares with one value of the policy, negation aside; `undefined` = nobody can tell. */
function compares(
  operator: string,
  actual: string,
  expected: string,
  env: Env,
): boolean | undefined {
  if (operator.startsWith('String')) return comparesText(operator, actual, expected, env)
  if (operator.startsWith('Arn')) return comparesArn(actual, expected, env)
  if (operator === 'IpAddress') return comparesIp(actual, expected)
  if (operator === 'Bool') {
    const same = actual.toLowerCase() === expected.toLowerCase()
    return ['true', 'false'].includes(actual.toLowerCase()) ? same : undefined
  }
  if (operator === 'BinaryEquals') return comparesBytes(actual, expected)
  const read = operator.startsWith('Date') ? instant : number
  return comparesOrder(operator.replace(/^(Date|Numeric)/u, ''), read(actual), read(expected))
}

function comparesArn(actual: string, expected: string, env: Env): boolean | undefined {
  const text = expand(expected, true, env)
  const isArn = actual.startsWith('arn:') && actual.split(':').length >= 6
  if (!isArn || text === undefined || !matchesBySegment(text.atoms, actual)) return false
  return text.sure || undefined
}

function comparesText(
  operator: string,
  actual: string,
  expected: string,
  env: Env,
): boolean | undefined {
  const text = expand(expected, operator === 'StringLike', env)
  if (text === undefined) return false
  const fold = operator === 'StringEqualsIgnoreCase' ? folded : (same: string) => same
  const atoms = text.atoms.flatMap((atom) => ('char' in atom ? literals(fold(atom.char)) : atom))
  return matches(atoms, [...fold(actual)]) ? text.sure || undefined : false
}

function folded(text: string): string {
  return [...text].map((c) => c.toLowerCase().toUpperCase().toLowerCase()).join('')
}

function comparesOrder(order: string, actual: number, expected: number): boolean | undefined {
  if (Number.isNaN(actual)) return undefined
  const sign = Math.sign(actual - expected)
  const signs: Record<string, readonly number[]> = {
    Equals: [0],
    LessThan: [-1],
    LessThanEquals: [-1, 0],
    GreaterThan: [1],
    GreaterThanEquals: [1, 0],
  }
  return signs[order]!.some((wanted) => wanted === sign)
}

function number(text: string): number {
  return /^-?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?$/iu.test(text) ? Number.parseFloat(text) : Number.NaN
}

function instant(text: string): number {
  if (/^-?[0-9]+(\.[0-9]+)?$/u.test(text)) return Number.parseFloat(text) * 1000
  return /^\d{4}-\d\d-\d\d(T.*(Z|[-+]\d\d:\d\d))?$/u.test(text) ? Date.parse(text) : Number.NaN
}

function comparesBytes(actual: string, expected: string): boolean | undefined {
  const valid = (text: string): boolean =>
    text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/u.test(text)
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64')
  return valid(actual) ? bytes(actual).equals(bytes(expected)) : undefined
}

function comparesIp(actual: string, expected: string): boolean | undefined {
  if (isIP(actual) === 0) return undefined
  const [address = '', prefix, ...more] = expected.split('/')
  const family = isIP(address)
  if (family === 0 || isIP(actual) !== family || more.length > 0) return false
  const bits = family === 4 ? 32 : 128
  if (prefix !== undefined && !/^(0|[1-9][0-9]{0,2})$/u.test(prefix)) return false
  if (Number(prefix ?? bits) > bits) return false
  const type = family === 4 ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  list.addSubnet(address, Number(prefix ?? bits), type)
  return list.check(actual, type)
}
