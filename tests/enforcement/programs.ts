import { accessSync, constants } from 'node:fs'
import { delimiter, resolve } from 'node:path'

const NAMES = [
  'monmaptool',
  'ceph-authtool',
  'ceph-mon',
  'ceph-osd',
  'ceph',
  'radosgw',
  'radosgw-admin',
] as const

/** What the lane cannot do without, and how Debian 12 and its kin get it. */
export const INSTALL_COMMAND =
  'apt-get install --no-install-recommends radosgw ceph-mon ceph-osd ceph-common'

/** Absolute paths of Ceph's programs. */
export type Programs = Readonly<Record<(typeof NAMES)[number], string>>

/** The programs, or the names of those that are not there. */
export type ProgramSearch =
  | { readonly complete: true; readonly programs: Programs }
  | { readonly complete: false; readonly missing: readonly string[] }

/** Looks Ceph's programs up in a search path, such as `PATH`. */
export function findPrograms(searchPath: string): ProgramSearch {
  const folders = searchPath.split(delimiter).filter((folder) => folder !== '')
  const found = NAMES.flatMap((name) => {
    const path = folders.map((folder) => resolve(folder, name)).find(isExecutable)
    return path === undefined ? [] : [[name, path] as const]
  })
  const programs = Object.fromEntries(found)
  return isComplete(programs)
    ? { complete: true, programs }
    : { complete: false, missing: NAMES.filter((name) => !Object.hasOwn(programs, name)) }
}

function isComplete(programs: Readonly<Record<string, string>>): programs is Programs {
  return NAMES.every((name) => Object.hasOwn(programs, name))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
