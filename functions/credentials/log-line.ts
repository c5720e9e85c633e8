import type { Writable } from 'node:stream'

/** Writes one line; settles when the stream has taken it over, or fails as the stream does. */
export function writeLine(stream: Writable, line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(`${line}\n`, (failure) => {
      if (failure) reject(failure)
      else resolve()
    })
  })
}
