import type { Field, ValueOf } from './compound-shape.ts'
import { isObject, ownMember, readField } from './compound-shape.ts'
import type { ControlRequest } from './control-request.ts'
import { parseJsonBody } from './json-body.ts'
import type { Labels } from './route.ts'
import type { Report, Shape } from './shape.ts'
import { collectViolations } from './violations.ts'

/** One member of an operation's input: where it travels, and what it looks like. */
export type Member<Value> = Field<Value> & {
  readonly from: 'label' | 'query' | 'header' | 'body'
  /** Name on the wire, where it is not the member's own. */
  readonly wireName?: string
}

/** The members of an operation's input by name. */
export type Members = Readonly<Record<string, Member<NonNullable<unknown> | undefined>>>

/** The input of an operation with these members; members that were not sent are undefined. */
export type InputOf<Input extends Members> = ValueOf<Input>

type Some = NonNullable<unknown>

/** A segment of the path. */
export function label<Value extends Some>(shape: Shape<Value>): Member<Value> {
  return { from: 'label', shape, required: true }
}

/** A parameter of the query. */
export function query<Value extends Some>(
  shape: Shape<Value>,
  wireName?: string,
): Member<Value | undefined> {
  return { from: 'query', shape, required: false, ...(wireName === undefined ? {} : { wireName }) }
}

/** A header that has to be there. */
export function header<Value extends Some>(shape: Shape<Value>, wireName: string): Member<Value> {
  return { from: 'header', shape, required: true, wireName }
}

/** A member of the JSON body that may be left out. */
export function body<Value extends Some>(shape: Shape<Value>): Member<Value | undefined> {
  return { from: 'body', shape, required: false }
}

/** The member, which has to be there. */
export function needed<Value>(member: Member<Value>): Member<NonNullable<Value>> {
  return { ...member, required: true }
}

/** An input that was read, or what is wrong with it in words for the caller. */
export type InputReading<Input> =
  | { readonly ok: true; readonly input: Input }
  | { readonly ok: false; readonly message: string }

/** What inputs are read from. */
export type InputSource = {
  readonly request: Pick<ControlRequest, 'query' | 'headers' | 'body'>
  readonly labels: Labels
}

/** How an input is read. */
export type InputRules = {
  /** Whether members of the body that nobody knows are refused: AWS ignores them, where a misspelt one may widen something we do not. */
  readonly strict?: boolean
}

/** Reads the input of an operation. What is wrong with it is counted and said at once, as AWS does, up to what an answer can hold. */
export function readInput<Input extends Members>(
  members: Input,
  source: InputSource,
  rules: InputRules = {},
): InputReading<InputOf<Input>> {
  const json = bodyOf(members, source.request.body)
  if (!json.ok) return json
  const violations = collectViolations()
  if (rules.strict === true) reportUnknown(members, json.body, violations.report)
  const read = Object.entries(members).map(([name, member]) => {
    const sent = sentValue(name, member, { ...source, body: json.body })
    return [name, readField(member, sent, name, violations.report)]
  })
  const message = violations.message()
  return message === undefined
    ? { ok: true, input: Object.fromEntries(read) as InputOf<Input> }
    : { ok: false, message }
}

type Body = Readonly<Record<string, unknown>>

/** The body's members; a body is looked at only where the operation has members in it. */
function bodyOf(
  members: Members,
  text: string,
): { readonly ok: true; readonly body: Body } | { readonly ok: false; readonly message: string } {
  const hasBody = Object.values(members).some(({ from }) => from === 'body')
  if (!hasBody || text === '') return { ok: true, body: {} }
  const read = parseJsonBody(text)
  if (!read.ok) return read
  return isObject(read.json)
    ? { ok: true, body: read.json }
    : { ok: false, message: 'The request body is not a JSON object' }
}

function reportUnknown(members: Members, json: Body, report: Report): void {
  for (const name of Object.keys(json)) {
    const isKnown = Object.hasOwn(members, name) && members[name]?.from === 'body'
    if (!isKnown) report({ at: name.slice(0, 64), constraint: 'Member is not known' })
  }
}

function sentValue(
  name: string,
  { from, shape, wireName = name }: Member<unknown>,
  { request, labels, body: json }: InputSource & { readonly body: Body },
): unknown {
  switch (from) {
    case 'label':
      return labels.get(wireName)
    case 'query':
      return fromText(
        request.query.filter(([key]) => key === wireName).map(([, value]) => value),
        shape.wire,
      )
    case 'header':
      return fromText(request.headers.get(wireName) ?? [], shape.wire)
    case 'body':
      return ownMember(json, name)
  }
}

/** Converts a text to what the shape is in JSON. A parameter that came twice has no one value: it stays a list, which no such shape takes. */
function fromText(values: readonly string[], wire: Shape<unknown>['wire']): unknown {
  const [value] = values
  if (value === undefined || values.length > 1) return value === undefined ? undefined : values
  if (wire === 'Boolean') return value === 'true' || value === 'false' ? value === 'true' : value
  return wire === 'Integer' && /^-?\d{1,15}$/.test(value) ? Number(value) : value
}
