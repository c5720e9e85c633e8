/** Takes one violation of a constraint: what the value broke, in AWS's words. */
export type Report = (violation: Violation) => void

/** A value that breaks a constraint. */
export type Violation = {
  /** Member names from the input down, joined by dots. */
  readonly at: string
  /** What was sent, where it may be repeated. */
  readonly value?: string
  readonly constraint: string
}

/** What a member has to look like, and what it becomes. A value that breaks it is reported, and what is returned is not used. */
export type Shape<Value> = {
  /** What it is written as in JSON; text of a path, query or header is converted to it first. */
  readonly wire: 'String' | 'Integer' | 'Boolean' | 'Map' | 'List' | 'Structure'
  readonly read: (json: unknown, at: string, report: Report) => Value | undefined
}

/** Constraints of a text. Lengths in UTF-16 units. */
export type TextConstraints = {
  readonly shortest?: number
  readonly longest?: number
  /** Matches whole texts, so anchored at both ends. */
  readonly pattern?: RegExp
  /** Texts such as documents and PEMs are never repeated in an error. */
  readonly repeated?: false
}

/** A text. */
export function text(constraints: TextConstraints = {}): Shape<string> {
  return {
    wire: 'String',
    read: (json, at, report) => {
      if (typeof json !== 'string') return wrongType('String', json, at, report)
      const value = constraints.repeated === false ? {} : quotable(json)
      for (const constraint of brokenBy(json, constraints)) report({ at, ...value, constraint })
      return json
    },
  }
}

/** A text that a parser makes a name of. Constraints say in AWS's words what the parser wants; the parser decides. */
export function named<Name extends string>(
  parse: (text: unknown) => Name | undefined,
  constraints: TextConstraints & { readonly pattern: RegExp },
): Shape<Name> {
  const plain = text(constraints)
  return {
    wire: 'String',
    read: (json, at, report) => {
      const violations: Violation[] = []
      plain.read(json, at, (violation) => violations.push(violation))
      const name = parse(json)
      for (const violation of violations) report(violation)
      if (name === undefined && violations.length === 0)
        report({ at, ...quotable(String(json)), constraint: matching(constraints.pattern) })
      return name
    },
  }
}

/** One of a closed set of texts. */
export function oneOf<const Value extends string>(values: readonly Value[]): Shape<Value> {
  return {
    wire: 'String',
    read: (json, at, report) => {
      if (typeof json !== 'string') return wrongType('String', json, at, report)
      const value = values.find((candidate) => candidate === json)
      const constraint = `Member must satisfy enum value set: [${values.join(', ')}]`
      if (value === undefined) report({ at, ...quotable(json), constraint })
      return value
    },
  }
}

/** A whole number within bounds, both included. */
export function integer(least: number, most: number): Shape<number> {
  return {
    wire: 'Integer',
    read: (json, at, report) => {
      if (typeof json !== 'number' || !Number.isSafeInteger(json))
        return wrongType('Integer', json, at, report)
      const value = String(json)
      if (json < least)
        report({
          at,
          value,
          constraint: `Member must have value greater than or equal to ${least}`,
        })
      if (json > most)
        report({ at, value, constraint: `Member must have value less than or equal to ${most}` })
      return json
    },
  }
}

/** True or false. */
export function flag(): Shape<boolean> {
  return {
    wire: 'Boolean',
    read: (json, at, report) =>
      typeof json === 'boolean' ? json : wrongType('Boolean', json, at, report),
  }
}

/** A value of another type than the shape's. */
export function wrongType(
  wanted: Shape<unknown>['wire'],
  json: unknown,
  at: string,
  report: Report,
): undefined {
  report({ at, constraint: `${typeName(json)} cannot be converted to ${wanted}` })
  return undefined
}

function typeName(json: unknown): string {
  if (json === null || json === undefined) return 'NULL_VALUE'
  if (Array.isArray(json)) return 'START_ARRAY'
  return typeof json === 'object' ? 'START_OBJECT' : `${(typeof json).toUpperCase()}_VALUE`
}

/** One readable line at most is repeated: enough for a name, nothing of a PEM. */
const QUOTABLE = /^[\x20-\x7e]{0,128}$/

function quotable(value: string): { readonly value?: string } {
  return QUOTABLE.test(value) ? { value } : {}
}

function brokenBy(
  value: string,
  { shortest = 0, longest = Number.POSITIVE_INFINITY, pattern }: TextConstraints,
): readonly string[] {
  return [
    ...(value.length >= shortest
      ? []
      : [`Member must have length greater than or equal to ${shortest}`]),
    ...(value.length <= longest
      ? []
      : [`Member must have length less than or equal to ${longest}`]),
    ...(pattern === undefined || pattern.test(value) ? [] : [matching(pattern)]),
  ]
}

/** AWS writes patterns without their anchors. */
function matching(pattern: RegExp): string {
  return `Member must satisfy regular expression pattern: ${pattern.source.replace(/^\^|\$$/g, '')}`
}
