import type { ChildProcess } from 'node:child_process'

/** Waits for a child to end; its output, its errors, and both as one text in the order they came. */
export async function outputOf(child: ChildProcess): Promise<{
  readonly code: number | null
  readonly text: string
  readonly output: string
  readonly errors: string
}> {
  const texts: string[] = []
  const outputs: string[] = []
  const errors: string[] = []
  child.stdout?.on('data', (chunk: Buffer) => {
    texts.push(String(chunk))
    outputs.push(String(chunk))
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    texts.push(String(chunk))
    errors.push(String(chunk))
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { code, text: texts.join(''), output: outputs.join(''), errors: errors.join('') }
}
