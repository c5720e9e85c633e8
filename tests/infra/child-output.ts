import type { ChildProcess } from 'node:child_process'

/** Waits for a child to end; its output and errors as one text, in the order they came. */
export async function outputOf(
  child: ChildProcess,
): Promise<{ readonly code: number | null; readonly text: string; readonly output: string }> {
  const texts: string[] = []
  const outputs: string[] = []
  child.stdout?.on('data', (chunk: Buffer) => {
    texts.push(String(chunk))
    outputs.push(String(chunk))
  })
  child.stderr?.on('data', (chunk: Buffer) => texts.push(String(chunk)))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { code, text: texts.join(''), output: outputs.join('') }
}
