import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ROOT } from './materialise-platform.ts'

/** A change of one place of one file. */
export type Mutation = {
  readonly id: string
  readonly file: string
  /** Text that the file has exactly once. */
  readonly from: string
  readonly to: string
}

/**
 * Copies the program and makes the change in the copy.
 * @throws {Error} when the file has the text not once: the table of mutations is then behind the program
 */
export function mutatedCopy({ id, file, from, to }: Mutation): {
  readonly id: string
  readonly root: string
  readonly remove: () => void
} {
  const text = readFileSync(path.join(ROOT, file), 'utf8')
  const times = text.split(from).length - 1
  if (times !== 1) throw new Error(`${id}: ${file} has ${times} times: ${from}`)
  const root = mkdtempSync(path.join(tmpdir(), 'mutated-infra-'))
  cpSync(path.join(ROOT, 'sst.config.ts'), path.join(root, 'sst.config.ts'))
  cpSync(path.join(ROOT, 'infra'), path.join(root, 'infra'), { recursive: true })
  writeFileSync(
    path.join(root, file),
    text.replace(from, () => to),
  )
  return { id, root, remove: () => rmSync(root, { recursive: true, force: true }) }
}
