/** One call of a service, as it went over the wire. */
export type WireCall = {
  /** `Query`, `BatchGetItem`, `AssumeRole`, … */
  readonly operation: string
  readonly body: string
}

/** The calls of one request, in rounds: those of a round were under way together. */
export type Rounds = readonly (readonly WireCall[])[]

/** The calls of the first request of a process, and of any later one. */
export type Script = { readonly cold: Rounds; readonly warm: Rounds }

/** Names a call from its headers and body: DynamoDB has a header for it, STS a form field. */
export function operationOf(target: string | undefined, body: string): string {
  const name = target?.split('.')[1] ?? new URLSearchParams(body).get('Action')
  return name ?? 'unknown'
}

/** The same text for the same call, however its members are ordered. */
export function canonicalText({ operation, body }: WireCall): string {
  const text =
    operation === 'AssumeRole'
      ? [...new URLSearchParams(body)]
          .map(([name, value]) => `${name}=${value}`)
          .sort()
          .join('&')
      : JSON.stringify(sorted(JSON.parse(body)))
  return `${operation} ${text}`
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(members.map(([name, held]) => [name, sorted(held)]))
}

/** Rounds as text to compare: which calls are in which round, in no order within it. */
export function shapeOf(rounds: Rounds): readonly (readonly string[])[] {
  return rounds.map((round) => round.map(canonicalText).sort())
}

/** Rounds for people: `Query ∥ BatchGetItem → AssumeRole`. */
export function describeRounds(rounds: Rounds): string {
  return rounds
    .map((round) =>
      round
        .map(({ operation }) => operation)
        .sort()
        .join(' ∥ '),
    )
    .join(' → ')
}

/** Calls in all rounds. */
export function countCalls(rounds: Rounds): number {
  return rounds.reduce((sum, round) => sum + round.length, 0)
}

/** An AssumeRole form as the input of the SDK's command. */
export function assumeRoleInput(body: string): Record<string, unknown> {
  const form = new URLSearchParams(body)
  const tags = listOf(form, 'Tags', (at) => ({
    Key: form.get(`${at}.Key`) ?? '',
    Value: form.get(`${at}.Value`) ?? '',
  }))
  const transitive = listOf(form, 'TransitiveTagKeys', (at) => form.get(at) ?? '')
  const plain = [...form].filter(
    ([name]) => !name.includes('.') && name !== 'Action' && name !== 'Version',
  )
  return {
    ...Object.fromEntries(plain),
    DurationSeconds: Number(form.get('DurationSeconds')),
    ...(tags.length > 0 && { Tags: tags }),
    ...(transitive.length > 0 && { TransitiveTagKeys: transitive }),
  }
}

function listOf<Entry>(
  form: URLSearchParams,
  name: string,
  read: (at: string) => Entry,
): readonly Entry[] {
  const indexes = [...form.keys()]
    .filter((key) => key.startsWith(`${name}.member.`))
    .map((key) => Number(key.split('.')[2]))
  const count = Math.max(0, ...indexes)
  return Array.from({ length: count }, (_, index) => read(`${name}.member.${index + 1}`))
}

/** @throws {Error} when the other function makes other calls, or the same ones in other rounds: no ratio would mean anything */
export function requireSameCalls(script: Script, other: Script, name: string): void {
  for (const phase of ['cold', 'warm'] as const) {
    const same = JSON.stringify(shapeOf(script[phase])) === JSON.stringify(shapeOf(other[phase]))
    if (same) continue
    const calls = `${describeRounds(other[phase])} instead of ${describeRounds(script[phase])}`
    throw new Error(`${name} makes other calls than the first function, ${phase}: ${calls}`)
  }
}
