import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** For private keys: only the owner may read. */
export const PRIVATE = 0o600
/** For certificates. */
export const PUBLIC = 0o644

/**
 * Writes a file whole or not at all: a reader, or a start after a crash, sees the old content or the new one. Folders on the
 * way are made for the owner only.
 */
export async function writeFileAtomically(
  path: string,
  content: string,
  mode: number,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomUUID()}.new`
  try {
    const file = await open(draft, 'wx', mode)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (thrown) {
    await rm(draft, { force: true })
    throw thrown
  }
}
