import { createHash } from 'node:crypto'
import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms'
import { Fault } from '@thingpass/core/fault'
import type { TenantId } from '@thingpass/core/names'
import type { OpenTenantSigner } from '@thingpass/core/tenant-signer'
import { serviceFailure } from '../service-failure.ts'
import { kmsFault, kmsUnreadable } from './kms-fault.ts'

/** Where the keys of a deployment are. */
export type KmsTenantSigners = {
  readonly client: KMSClient
  /** The tenant follows it: `alias/…`. */
  readonly aliasPrefix: string
}

/**
 * Signs with one P-256 key per tenant in KMS, found by its alias. The deployment makes the keys: whoever answers requests may use them and
 * make none.
 * What it returns throws {Fault} CONFIGURATION_INVALID for a key of another kind, KMS_… when KMS cannot answer.
 * Source: KMS API reference, GetPublicKey, Sign.
 */
export function createKmsTenantSigners({
  client,
  aliasPrefix,
}: KmsTenantSigners): OpenTenantSigner {
  return async (tenantId) => {
    const key = await findKey(client, tenantId, `${aliasPrefix}${tenantId}`)
    return key && { publicKey: key.publicKey, sign: (data) => sign(client, key.keyArn, data) }
  }
}

type Key = { readonly keyArn: string; readonly publicKey: Uint8Array }

/** Undefined when no key has the alias. */
async function findKey(
  client: KMSClient,
  tenantId: TenantId,
  alias: string,
): Promise<Key | undefined> {
  const answer = await client
    .send(new GetPublicKeyCommand({ KeyId: alias }))
    .catch((thrown: unknown) => absentOrFault('GetPublicKey', thrown))
  if (answer === undefined) return undefined
  const { KeyId: keyArn, PublicKey: publicKey, KeySpec, KeyUsage } = answer
  if (!(isText(keyArn) && isText(KeySpec) && isText(KeyUsage) && publicKey instanceof Uint8Array)) {
    throw kmsUnreadable('GetPublicKey')
  }
  const fits = KeySpec === 'ECC_NIST_P256' && KeyUsage === 'SIGN_VERIFY'
  if (!fits)
    throw new Fault('CONFIGURATION_INVALID', `the CA key of ${tenantId} does not sign with P-256`)
  return { keyArn, publicKey }
}

/** By the key's own ARN: an alias may lead to another key by now. */
async function sign(client: KMSClient, keyArn: string, data: Uint8Array): Promise<Uint8Array> {
  const command = new SignCommand({
    KeyId: keyArn,
    Message: createHash('sha256').update(data).digest(),
    MessageType: 'DIGEST',
    SigningAlgorithm: 'ECDSA_SHA_256',
  })
  const { Signature } = await client.send(command).catch((thrown: unknown) => {
    throw kmsFault(thrown, 'Sign')
  })
  if (Signature instanceof Uint8Array) return Signature
  throw kmsUnreadable('Sign')
}

function absentOrFault(operation: string, thrown: unknown): undefined {
  if (serviceFailure(thrown).name === 'NotFoundException') return undefined
  throw kmsFault(thrown, operation)
}

/** The wire decides what it really is. */
const isText = (value: unknown): value is string => typeof value === 'string'
