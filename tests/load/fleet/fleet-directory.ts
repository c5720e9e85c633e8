import { chmod, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PRIVATE, writeFileAtomically } from '@thingpass/local/pki/write-file'
import type { Fleet } from './fleet.ts'

/** What lies in a fleet's directory (0700). */
export const FLEET_FILES = {
  /** Devices with their private keys (0600). */
  fleet: 'fleet.json',
  /** Data directory of the local stack that knows the fleet. */
  stackData: 'stack',
} as const

/** Makes the directory where it is missing, and closes it to everybody else. */
export async function openFleetDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  await chmod(path, 0o700)
}

/** The fleet that an earlier run left in the directory; undefined where there is none. */
export async function readFleet(directory: string): Promise<Fleet | undefined> {
  let text: string
  try {
    text = await readFile(join(directory, FLEET_FILES.fleet), 'utf8')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw thrown
  }
  const fleet: Fleet = JSON.parse(text)
  if (fleet.version !== 1) throw new Error(`${directory} holds a fleet of another version`)
  return fleet
}

/** Keeps the fleet, readable by its owner only. */
export async function writeFleet(directory: string, fleet: Fleet): Promise<void> {
  await writeFileAtomically(
    join(directory, FLEET_FILES.fleet),
    `${JSON.stringify(fleet)}\n`,
    PRIVATE,
  )
}
