import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where inputs are kept, by target. */
export type InputStore = {
  /** Inputs each of which makes something run that the seeds and the others do not. */
  readonly readCorpus: (target: string) => readonly Uint8Array[]
  /** Inputs at which the target once failed. They stay, so that it never fails there again. */
  readonly readFindings: (target: string) => readonly Uint8Array[]
  readonly writeCorpus: (target: string, inputs: readonly Uint8Array[]) => void
  /** Gives the name of the file, relative to the store. */
  readonly writeFinding: (target: string, input: Uint8Array) => string
}

/** One input in base64 per line. */
const CORPUS_FILE = 'inputs.b64'

/** Keeps inputs in the folders `corpus/<target>` and `findings/<target>`. */
export function createInputStore(folder: string): InputStore {
  const folderOf = (kind: 'corpus' | 'findings', target: string) => join(folder, kind, target)
  return {
    readCorpus: (target) => inputsIn(join(folderOf('corpus', target), CORPUS_FILE)),
    readFindings: (target) => {
      const found = folderOf('findings', target)
      const names = existsSync(found) ? readdirSync(found).sort() : []
      return names.flatMap((name) => inputsIn(join(found, name)))
    },
    writeCorpus: (target, inputs) => write(folderOf('corpus', target), CORPUS_FILE, inputs),
    writeFinding: (target, input) => {
      const name = `${createHash('sha256').update(input).digest('hex').slice(0, 16)}.b64`
      write(folderOf('findings', target), name, [input])
      return `findings/${target}/${name}`
    },
  }
}

function inputsIn(file: string): readonly Uint8Array[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'latin1').split('\n').slice(0, -1)
  return lines.map((line) => Buffer.from(line, 'base64'))
}

function write(folder: string, name: string, inputs: readonly Uint8Array[]): void {
  mkdirSync(folder, { recursive: true })
  const lines = inputs.map((input) => `${Buffer.from(input).toString('base64')}\n`)
  writeFileSync(join(folder, name), lines.join(''))
}
