import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Row } from './row.ts'

const run = promisify(execFile)
const MAIN = fileURLToPath(new URL('compute/compute.main.ts', import.meta.url))

/** Sections c and d, each in a fresh process. */
export async function computeRows(
  subject: 'decisions' | 'renderings',
  quick: boolean,
): Promise<readonly Row[]> {
  const { stdout } = await run(process.execPath, [MAIN, subject, quick ? 'quick' : 'full'])
  return JSON.parse(stdout)
}
