import { readFile } from 'node:fs/promises'
import type { UsageProblem } from './command-io.ts'

/** Reads a text file that somebody named on the command line. */
export async function readTextFile(
  path: string,
): Promise<{ readonly text: string } | UsageProblem> {
  try {
    return { text: await readFile(path, 'utf8') }
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    return { problem: `${path} cannot be read (${code ?? 'unknown reason'})` }
  }
}
