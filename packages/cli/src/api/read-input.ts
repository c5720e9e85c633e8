import type { ApiCommand, ApiOption } from './api-command.ts'
import { type Failure, type Given, type Reader, text } from './option-readers.ts'
import type { SendApi } from './send-api.ts'

/** What stands on the command line: positional arguments in their order, options by commander's names. */
export type GivenLine = {
  readonly positional: readonly string[]
  readonly options: Readonly<Record<string, unknown>>
}

/** Makes the input of a call of what stands on the command line; problems name the argument. */
export async function readInput(
  command: ApiCommand,
  { positional, options }: GivenLine,
  send: SendApi,
): Promise<{ readonly input: object } | Failure> {
  const given = [
    ...(command.arguments ?? []).map(({ name, member, read }, index) => ({
      ...{ shown: `<${name}>`, member, read, given: positional[index] },
    })),
    ...(command.options ?? []).map(({ flags, member, read }) => ({
      ...{ shown: flagOf(flags), member, read, given: options[optionNameOf(flags)] },
    })),
  ]
  const input: Draft = { ...structuredClone(command.fixed) }
  for (const { shown, member, read = text, given: value } of given) {
    if (!isGiven(value)) continue
    const reading = await readOne(read, value, send)
    if (!('value' in reading)) return withPlace(reading, shown)
    setMember(input, member.split('.'), reading.value)
  }
  return { input }
}

async function readOne(reader: Reader, given: Given, send: SendApi) {
  return reader.read(given, send)
}

function isGiven(value: unknown): value is Given {
  return typeof value === 'string' || value === true || Array.isArray(value)
}

function withPlace(failure: Failure, shown: string): Failure {
  return 'problem' in failure ? { problem: `${shown}: ${failure.problem}` } : failure
}

/** The flag alone: `--type` of `--type <name>`. */
function flagOf(flags: ApiOption['flags']): string {
  return flags.replace(/ .*$/, '')
}

/** Under which commander keeps an option: `removeType` for `--remove-type`. */
function optionNameOf(flags: ApiOption['flags']): string {
  return flagOf(flags)
    .slice(2)
    .replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

type Draft = { [member: string]: unknown }

function setMember(draft: Draft, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    draft[name] = value
    return
  }
  const inner: Draft = { ...(draft[name] as Draft | undefined) }
  draft[name] = inner
  setMember(inner, rest, value)
}
