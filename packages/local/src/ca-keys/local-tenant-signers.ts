import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
} from 'node:crypto'
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '@thingpass/core/fault'
import type { TenantId } from '@thingpass/core/names'
import type { TenantSigner } from '@thingpass/core/tenant-signer'
import { PRIVATE } from '../pki/write-file.ts'

const OWNER_ONLY = 0o700

/**
 * Keeps one P-256 key per tenant in a folder: `<tenant>.key`, PKCS #8 in PEM, for the owner's eyes only. What other users can read
 * is refused: they may have it already.
 */
export function createLocalTenantSigners(
  directory: string,
): (tenantId: TenantId) => Promise<TenantSigner> {
  return async (tenantId) => {
    const path = join(directory, `${tenantId}.key`)
    const kept = await readKey(path, tenantId)
    if (kept !== undefined) return signerOf(kept)
    await mkdir(directory, { recursive: true, mode: OWNER_ONLY })
    await makeKey(path)
    const made = await readKey(path, tenantId)
    if (made === undefined) throw unusable(tenantId, 'is gone as soon as it is made')
    return signerOf(made)
  }
}

async function readKey(path: string, tenantId: TenantId): Promise<KeyObject | undefined> {
  const pem = await readIfThere(path)
  if (pem === undefined) return undefined
  const { mode } = await stat(path)
  if ((mode & 0o077) !== 0) throw unusable(tenantId, 'can be read by others')
  const key = keyOf(pem)
  const isP256 = key?.asymmetricKeyDetails?.namedCurve === 'prime256v1'
  if (key === undefined || !isP256) throw unusable(tenantId, 'is no P-256 key')
  return key
}

/** The parser's own error might quote the key. */
function keyOf(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem)
  } catch {
    return undefined
  }
}

function unusable(tenantId: TenantId, what: string): Fault {
  return new Fault('CONFIGURATION_INVALID', `the file of the CA key of ${tenantId} ${what}`)
}

/** Written beside its place and linked there: the first of many wins, and after a crash there is a whole key or none. */
async function makeKey(path: string): Promise<void> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const draft = `${path}.${randomUUID()}.new`
  try {
    const file = await open(draft, 'wx', PRIVATE)
    try {
      await file.writeFile(privateKey.export({ type: 'pkcs8', format: 'pem' }))
      await file.sync()
    } finally {
      await file.close()
    }
    await link(draft, path)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown
  } finally {
    await rm(draft, { force: true })
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw thrown
  }
}

function signerOf(key: KeyObject): TenantSigner {
  return {
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'der' }),
    sign: async (data) => sign('sha256', data, key),
  }
}
