import { writeFile } from 'node:fs/promises'
import type { UsageProblem } from '../command-io.ts'

/** Writes a text file that somebody named on the command line; undefined where it worked. */
export async function writeTextFile(path: string, text: string): Promise<UsageProblem | undefined> {
  try {
    await writeFile(path, text)
    return undefined
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    return { problem: `${path} cannot be written (${code ?? 'unknown reason'})` }
  }
}
