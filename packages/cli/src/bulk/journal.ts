import { appendFile, readFile, rm } from 'node:fs/promises'

/** Remembers what of a file was done, over the end of the process. */
export type Journal = {
  readonly has: (digest: string) => boolean
  /** Takes effect with the next flush; what is lost before it is done once more, to no effect. */
  readonly add: (digest: string) => Promise<void>
  readonly flush: () => Promise<void>
  readonly remove: () => Promise<void>
}

const DIGEST = /^[\w-]{16}$/
/** Entries that wait for each other, so that writing does not hold up the work. */
const ENTRIES_PER_WRITE = 100
const LONGEST_WAIT_MS = 1000

/**
 * Opens the journal of a file, one digest a line. A line that a crash tore is passed over.
 * @throws what the file system says, with its code
 */
export async function openJournal(path: string, now: () => number): Promise<Journal> {
  const text = await readIfThere(path)
  const done = new Set(text.split('\n').filter((line) => DIGEST.test(line)))
  let waiting: string[] = text === '' || text.endsWith('\n') ? [] : ['']
  let writing: Promise<void> = Promise.resolve()
  let since = now()
  const flush = () => {
    const entries = waiting
    waiting = []
    since = now()
    if (entries.length > 0) {
      writing = writing.then(() => appendFile(path, entries.map((each) => `${each}\n`).join('')))
    }
    return writing
  }
  return {
    has: (digest) => done.has(digest),
    add: async (digest) => {
      done.add(digest)
      waiting.push(digest)
      if (waiting.length >= ENTRIES_PER_WRITE || now() - since >= LONGEST_WAIT_MS) await flush()
    },
    flush,
    remove: async () => {
      await flush()
      await rm(path, { force: true })
    },
  }
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw thrown
  }
}
