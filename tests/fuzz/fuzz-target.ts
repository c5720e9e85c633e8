/** One thing that is fuzzed. */
export type FuzzTarget = {
  /** Lower-case words joined by hyphens; names its corpus, too. */
  readonly name: string
  /** How inputs are changed, beside octet by octet. */
  readonly format: 'der' | 'json' | 'text'
  /** Where the search begins: good inputs, the more different the better. The same in every process. */
  readonly seeds: () => readonly (Uint8Array | string)[]
  /** Texts that mean something to what is fuzzed. */
  readonly dictionary?: readonly string[]
  /** Feeds one input. Throws, or rejects, where something that must hold does not. */
  readonly run: (input: Uint8Array) => void | Promise<void>
}

/** Text of an input; what is no UTF-8 is replaced. */
export function textOfInput(input: Uint8Array): string {
  return Buffer.from(input).toString('utf8')
}

/** The JSON of an input; undefined for what is none, which then has nothing to say to its target. */
export function jsonOfInput(input: Uint8Array): unknown {
  try {
    return JSON.parse(textOfInput(input))
  } catch {
    return undefined
  }
}
