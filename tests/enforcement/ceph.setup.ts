import type { TestProject } from 'vitest/node'
import { type Ceph, startCeph } from './ceph.ts'
import { createUsers, type GatewayUsers } from './object-gateway.ts'
import { findPrograms } from './programs.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly ceph: Pick<Ceph, 'url' | 'briefUrl'> & { readonly users: GatewayUsers }
  }
}

/** Starts one cluster for all files of the lane, and stops it after them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const search = findPrograms(process.env.PATH ?? '')
  if (!search.complete) throw new Error(`missing: ${search.missing.join(', ')}`)
  const ceph = await startCeph(search.programs)
  const { url, briefUrl } = ceph
  project.provide('ceph', { url, briefUrl, users: await createUsers(ceph) })
  return ceph.stop
}
