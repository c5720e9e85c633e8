import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A lock that this process holds. */
export type DirectoryLock = { readonly release: () => Promise<void> }

/**
 * Takes the lock of a directory (its real path); undefined when another process holds it. The lock is a socket that is
 * listened on: the kernel frees it with the process, however that ends, so no lock of the dead is ever taken for one of the
 * living, as a file with a process id would be.
 */
export async function lockDirectory(
  realPath: string,
  platform: NodeJS.Platform = process.platform,
): Promise<DirectoryLock | undefined> {
  const name = socketName(realPath, platform)
  const server = await listen(name)
  if (server !== undefined) return holding(server)
  // Only a socket file outlives its process; nobody answers on it then.
  if (!name.startsWith('/') || (await isAnswered(name))) return undefined
  await rm(name, { force: true })
  const second = await listen(name)
  return second === undefined ? undefined : holding(second)
}

/** On Linux a name of the abstract namespace, on Windows a pipe: neither leaves a file. Elsewhere a socket file. */
function socketName(realPath: string, platform: NodeJS.Platform): string {
  const name = `thingpass-${createHash('sha256').update(realPath).digest('hex').slice(0, 32)}`
  if (platform === 'linux') return `\0${name}`
  return platform === 'win32' ? `\\\\?\\pipe\\${name}` : join(tmpdir(), `${name}.sock`)
}

async function listen(name: string): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy())
  try {
    server.listen(name)
    await once(server, 'listening')
    return server.unref()
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined
    throw thrown
  }
}

async function isAnswered(name: string): Promise<boolean> {
  const socket = connect(name)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

function holding(server: Server): DirectoryLock {
  return {
    release: async () => {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  }
}
