import type { UsageProblem } from '../command-io.ts'
import type { ControlAnswer } from '../control-client/control-client.ts'
import { readTextFile } from '../read-text-file.ts'
import type { SendApi } from './send-api.ts'

/** What commander gives for an option: its text, its texts where it may be repeated, or that it stands there. */
export type Given = string | readonly string[] | true

/** Why a call did not come about or was refused. */
export type Failure = Exclude<ControlAnswer, { readonly ok: true }>

/** A value for the input of a call. */
export type Reading = { readonly value: unknown } | Failure

/** Makes a value of what stands on the command line; some values need a look into the registry. */
export type Reader = {
  readonly repeatable?: boolean
  readonly read: (given: Given, send: SendApi) => Promise<Reading> | Reading
}

const textOf = (given: Given): string => String(given)
const textsOf = (given: Given): readonly string[] =>
  Array.isArray(given) ? given : [textOf(given)]

/** Text as it is. */
export const text: Reader = { read: (given) => ({ value: textOf(given) }) }

/** Texts, in their order. */
export const texts: Reader = { repeatable: true, read: (given) => ({ value: textsOf(given) }) }

/** Texts, in their order; one empty text is none of them. */
export const textsOrNone: Reader = {
  repeatable: true,
  read: (given) => ({ value: textsOf(given).filter((each) => each !== '') }),
}

/** A number from 0, with or without a fraction. */
export const numberFromZero: Reader = {
  read: (given) => {
    const shown = textOf(given)
    const fits = /^\d+(?:\.\d+)?$/.test(shown)
    return fits ? { value: Number(shown) } : { problem: `"${shown}" is not a number` }
  },
}

/** A flag that is said either way. */
export const trueOrFalse: Reader = {
  read: (given) => {
    const value = textOf(given)
    return ['true', 'false'].includes(value)
      ? { value: value === 'true' }
      : { problem: 'takes true or false' }
  },
}

/** A whole number from 0. */
export const wholeNumber: Reader = {
  read: (given) => {
    const shown = textOf(given)
    const value = Number(shown)
    const whole = /^\d+$/.test(shown) && Number.isSafeInteger(value)
    return whole ? { value } : { problem: `"${shown}" is not a whole number` }
  },
}

/** The same value wherever the flag stands. */
export function constant(value: unknown): Reader {
  return { read: () => ({ value }) }
}

/** One of a few words. */
export function oneOf(...words: readonly string[]): Reader {
  return {
    read: (given) => {
      const value = textOf(given)
      return words.includes(value) ? { value } : { problem: `takes ${words.join(', ')}` }
    },
  }
}

/** `key=value`, repeated; the value may be empty. */
export const pairs: Reader = { repeatable: true, read: (given) => readPairs(textsOf(given)) }

/** Reads `key=value` texts. A key that stands twice is not made up one's mind about. */
export function readPairs(
  given: readonly string[],
): { readonly value: Readonly<Record<string, string>> } | UsageProblem {
  const read = new Map<string, string>()
  for (const pair of given) {
    const [, key = '', value = ''] = /^([^=]+)=(.*)$/s.exec(pair) ?? []
    if (key === '') return { problem: `"${pair}" is not key=value` }
    if (read.has(key)) return { problem: `"${key}" stands twice` }
    read.set(key, value)
  }
  return { value: Object.fromEntries(read) }
}

/** The text of a file. */
export const fileText: Reader = {
  read: async (given) => {
    const file = await readTextFile(textOf(given))
    return 'problem' in file ? file : { value: file.text }
  },
}

/** The object of a JSON file. */
export const fileJson: Reader = {
  read: async (given) => {
    const file = await readTextFile(textOf(given))
    if ('problem' in file) return file
    const value = readObject(file.text)
    return value === undefined ? { problem: `${textOf(given)} is not a JSON object` } : { value }
  },
}

function readObject(json: string): object | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
