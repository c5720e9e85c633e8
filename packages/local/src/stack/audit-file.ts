import { type FileHandle, open } from 'node:fs/promises'
import { Fault } from '@thingpass/core/fault'
import type { WriteAudit } from '@thingpass/core/ports'

/** A file of audit records, one JSON object a line. */
export type AuditFile = {
  readonly write: WriteAudit
  readonly close: () => Promise<void>
}

const NEWLINE = '\n'.charCodeAt(0)

/**
 * Opens an audit file (0600) to append to. Records are written one after the other; `write` returns when the operating
 * system has the record: it then survives the death of this process, though not a power cut. A line that a crash or a full disk tore is
 * left as it is, and the next record starts on a line of its own.
 */
export async function openAuditFile(path: string): Promise<AuditFile> {
  const file = await open(path, 'a+', 0o600)
  let torn = await endsInsideLine(file)
  const append = async (line: string) => {
    const text = torn ? `\n${line}` : line
    torn = true // until the whole line is known to be there
    await file.appendFile(text)
    torn = false
  }
  let last: Promise<unknown> = Promise.resolve()
  return {
    write: (record) => {
      const written = last.then(() => append(`${JSON.stringify(record)}\n`))
      last = written.catch(() => undefined)
      return written.catch(failAsFault)
    },
    close: async () => {
      await last
      await file.close()
    },
  }
}

async function endsInsideLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat()
  if (size === 0) return false
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0] !== NEWLINE
}

function failAsFault(cause: unknown): never {
  throw new Fault('AUDIT_UNAVAILABLE', 'the audit file cannot be written', { cause })
}
