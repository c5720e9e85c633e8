import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const READER = fileURLToPath(new URL('control-oversized-inputs.main.ts', import.meta.url))

test.each(['zeros', 'objects', 'members', 'entries', 'depth', 'text', 'openings'])(
  'T37: six megabytes of %s are refused in little time and memory, in few words',
  async (kind) => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--max-old-space-size=64',
      READER,
      kind,
    ])
    const { sent, answer, milliseconds } = JSON.parse(stdout)
    expect(sent).toBeGreaterThan(5_000_000)
    expect(answer).toMatch(/^The request body may have at most|^\d validation errors? detected/)
    expect(answer.length).toBeLessThan(300)
    expect(milliseconds).toBeLessThan(2000)
  },
)
