import { readFile } from 'node:fs/promises'
import { PKI_FILES } from '@thingpass/local/pki/local-pki'
import { parseTarget, type TargetOptions } from '../control-client/target.ts'

/** Reads the CA of a local stack's device endpoint; undefined for a deployment, and where no stack's directory is at hand. */
export function localServerCa(
  options: TargetOptions,
  environment: Readonly<Record<string, string | undefined>>,
): () => Promise<string | undefined> {
  const target = parseTarget(options, environment)
  const dataDir = 'problem' in target ? undefined : target.localDataDir
  return async () => {
    if (dataDir === undefined) return undefined
    try {
      return await readFile(PKI_FILES.serverCa(dataDir), 'utf8')
    } catch {
      return undefined // the stack may be another user's, or keep its directory elsewhere
    }
  }
}
