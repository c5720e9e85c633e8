import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = import.meta.dirname
/** One input in base64 per line. */
const CORPUS_FILE = 'inputs.b64'

/** Inputs that were kept because each makes something run that the others do not. */
export function readCorpus(target: string): readonly Uint8Array[] {
  const file = join(FOLDER, 'corpus', target, CORPUS_FILE)
  return existsSync(file) ? inputsIn(readFileSync(file, 'latin1')) : []
}

/** Inputs at which the target once failed. They stay, so that it never fails there again. */
export function readFindings(target: string): readonly Uint8Array[] {
  const folder = join(FOLDER, 'findings', target)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .sort()
    .flatMap((name) => inputsIn(readFileSync(join(folder, name), 'latin1')))
}

/** Replaces what is kept. */
export function writeCorpus(target: string, inputs: readonly Uint8Array[]): void {
  const folder = join(FOLDER, 'corpus', target)
  mkdirSync(folder, { recursive: true })
  const lines = inputs.map((input) => `${Buffer.from(input).toString('base64')}\n`)
  writeFileSync(join(folder, CORPUS_FILE), lines.join(''))
}

/** Keeps an input at which the target failed; gives the name of its file, relative to here. */
export function writeFinding(target: string, input: Uint8Array): string {
  const name = createHash('sha256').update(input).digest('hex').slice(0, 16)
  const folder = join(FOLDER, 'findings', target)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.b64`), `${Buffer.from(input).toString('base64')}\n`)
  return `findings/${target}/${name}.b64`
}

function inputsIn(text: string): readonly Uint8Array[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => Buffer.from(line, 'base64'))
}
