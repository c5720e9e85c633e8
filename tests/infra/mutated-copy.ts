import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ROOT } from './materialise-platform.ts'

/** A change of one place of one file. */
export type Edit = {
  readonly file: string
  /** Text that the file has exactly once. */
  readonly from: string
  readonly to: string
}

/**
 * Copies the program and makes the changes in the copy, one after another.
 * @throws {Error} when a file has its text not once: the table of changes is then behind the program
 */
export function mutatedCopy(
  id: string,
  edits: readonly Edit[],
): {
  readonly id: string
  readonly root: string
  readonly remove: () => void
} {
  const root = mkdtempSync(path.join(tmpdir(), 'mutated-infra-'))
  const remove = () => rmSync(root, { recursive: true, force: true })
  try {
    cpSync(path.join(ROOT, 'sst.config.ts'), path.join(root, 'sst.config.ts'))
    cpSync(path.join(ROOT, 'infra'), path.join(root, 'infra'), { recursive: true })
    for (const edit of edits) applyEdit(id, root, edit)
    return { id, root, remove }
  } catch (error) {
    remove()
    throw error
  }
}

/**
 * Makes one change in the program at `root`.
 * @throws {Error} when the file has the text not once
 */
export function applyEdit(id: string, root: string, { file, from, to }: Edit): void {
  const text = readFileSync(path.join(root, file), 'utf8')
  const times = text.split(from).length - 1
  if (times !== 1) throw new Error(`${id}: ${file} has ${times} times: ${from}`)
  writeFileSync(
    path.join(root, file),
    text.replace(from, () => to),
  )
}
