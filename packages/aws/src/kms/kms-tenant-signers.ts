import { createHash } from 'node:crypto'
import { Fault } from '@thingpass/core/fault'
import type { TenantId } from '@thingpass/core/names'
import type { OpenTenantSigner } from '@thingpass/core/tenant-signer'

/**
 * The calls of KMS that signing takes, as its client makes them. All take a key's id, its ARN or `alias/…`; what KMS refuses or fails
 * at is thrown.
 */
export type KmsCalls = {
  /** `GetPublicKey`: SubjectPublicKeyInfo DER; undefined for NotFoundException. */
  readonly getPublicKey: (keyId: string) => Promise<Uint8Array | undefined>
  /** `CreateKey` with ECC_NIST_P256 and SIGN_VERIFY; the key's id. */
  readonly createKey: (tags: Readonly<Record<string, string>>) => Promise<string>
  /** `CreateAlias`; false for AlreadyExistsException. */
  readonly createAlias: (alias: string, keyId: string) => Promise<boolean>
  /** `ScheduleKeyDeletion` after the shortest time, 7 days. */
  readonly scheduleKeyDeletion: (keyId: string) => Promise<void>
  /** `Sign` with ECDSA_SHA_256 over a digest; the signature in DER. */
  readonly signDigest: (keyId: string, digest: Uint8Array) => Promise<Uint8Array>
}

/** Where the keys of a deployment are. */
export type KmsTenantSigners = {
  readonly kms: KmsCalls
  /** Tells deployments of one account apart: `alias/<prefix>/<tenant>`, 1–128 of `[a-zA-Z0-9/_-]`. */
  readonly aliasPrefix: string
}

/**
 * Keeps one P-256 key per tenant in KMS, found by its alias. Of many that make it at the same time one gets the alias, and
 * the keys of the others are deleted unused.
 */
export function createKmsTenantSigners({ kms, aliasPrefix }: KmsTenantSigners): OpenTenantSigner {
  return async (tenantId) => {
    const alias = `alias/${aliasPrefix}/${tenantId}`
    const publicKey = (await findKey(kms, alias)) ?? (await makeKey(kms, alias, tenantId))
    return {
      publicKey,
      sign: (data) =>
        kms.signDigest(alias, createHash('sha256').update(data).digest()).catch(failAs('Sign')),
    }
  }
}

function findKey(kms: KmsCalls, alias: string): Promise<Uint8Array | undefined> {
  return kms.getPublicKey(alias).catch(failAs('GetPublicKey'))
}

async function makeKey(kms: KmsCalls, alias: string, tenantId: TenantId): Promise<Uint8Array> {
  const tags = { 'thingpass:TenantId': tenantId }
  const keyId = await kms.createKey(tags).catch(failAs('CreateKey'))
  const isFirst = await kms.createAlias(alias, keyId).catch(failAs('CreateAlias'))
  if (!isFirst) await kms.scheduleKeyDeletion(keyId).catch(failAs('ScheduleKeyDeletion'))
  const publicKey = await findKey(kms, alias)
  if (publicKey !== undefined) return publicKey
  throw new Fault('UNEXPECTED', `KMS does not find the key of ${tenantId} that it has made`)
}

const failAs =
  (operation: string) =>
  (cause: unknown): never => {
    throw new Fault('UNEXPECTED', `KMS ${operation} failed`, { cause })
  }
