import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { Fault } from '@thingpass/core/fault'
import type { SessionTag } from '@thingpass/core/ports'
import { encodeBase32 } from './base32.ts'

/** What a session token says of its session. The text of a session policy is not in it, only that there is one. */
export type SessionClaims = {
  readonly roleArn: string
  readonly sessionName: string
  /** Whole seconds since 1970. */
  readonly expiresAtSeconds: number
  readonly tags: readonly SessionTag[]
  readonly transitiveTagKeys: readonly string[]
  readonly sourceIdentity?: string
  /** SHA-256 of the session policy, base64url; absent when there is none. */
  readonly policyHash?: string
}

/** Keys of one session: what STS calls credentials, without the expiration. */
export type SessionKeys = {
  /** `ASIALOCAL` and 11 characters: nobody takes it for a key of AWS. */
  readonly accessKeyId: string
  /** 40 characters. */
  readonly secretAccessKey: string
  /** Begins with `thingpass-local/`; of characters that JSON does not escape. */
  readonly sessionToken: string
}

/** Issues and reads session keys. Nothing is stored: the signing key alone keeps sessions valid over a restart. */
export type SessionKeyring = {
  readonly issue: (claims: SessionClaims) => SessionKeys
  /** The session of a token that this keyring made for this access key, expired or not. */
  readonly read: (
    accessKeyId: string,
    sessionToken: string,
  ) => { readonly claims: SessionClaims; readonly secretAccessKey: string } | undefined
}

/** A token must fit into the 2048 bytes of a credentials answer, whose other parts take 169. */
export const MAX_TOKEN_CHARACTERS = 1879

const PREFIX = 'thingpass-local/1/'
const TOKEN = /^thingpass-local\/1\/([\w-]+)\.([\w-]{43})$/
const MIN_SIGNING_KEY_BYTES = 32

/**
 * Creates the keyring of a signing key.
 * @throws {Fault} CONFIGURATION_INVALID when the key is shorter than 32 bytes
 */
export function createSessionKeyring(signingKey: Uint8Array): SessionKeyring {
  if (!(signingKey.length >= MIN_SIGNING_KEY_BYTES)) {
    throw new Fault('CONFIGURATION_INVALID', 'the signing key of the local STS is too short')
  }
  // Each use of the key has a label of its own, so that no output of one can stand in for another.
  const mac = (label: string, text: string) =>
    createHmac('sha256', signingKey).update(`thingpass-local/1/${label}\0${text}`).digest()
  const secretOf = (accessKeyId: string) =>
    mac('secret', accessKeyId).subarray(0, 30).toString('base64')
  return {
    issue: (claims) => {
      const accessKeyId = `ASIALOCAL${encodeBase32(randomBytes(7))}`
      const payload = encodePayload(accessKeyId, claims)
      const sessionToken = `${PREFIX}${payload}.${mac('token', payload).toString('base64url')}`
      return { accessKeyId, secretAccessKey: secretOf(accessKeyId), sessionToken }
    },
    read: (accessKeyId, sessionToken) => {
      const [, payload = '', tag = ''] = TOKEN.exec(sessionToken) ?? []
      const genuine = isEqual(mac('token', payload), Buffer.from(tag, 'base64url'))
      if (!genuine) return undefined
      const session = decodePayload(payload)
      if (session.accessKeyId !== accessKeyId) return undefined
      return { claims: session.claims, secretAccessKey: secretOf(accessKeyId) }
    },
  }
}

function isEqual(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}

/** Short names, because the token travels in every answer. `t`: key, value, 1 when transitive. */
type Payload = {
  readonly k: string
  readonly r: string
  readonly n: string
  readonly e: number
  readonly t: readonly (readonly [string, string, 0 | 1])[]
  readonly i?: string
  readonly p?: string
}

function encodePayload(accessKeyId: string, claims: SessionClaims): string {
  const payload: Payload = {
    k: accessKeyId,
    r: claims.roleArn,
    n: claims.sessionName,
    e: claims.expiresAtSeconds,
    t: claims.tags.map(({ key, value }) => [
      key,
      value,
      claims.transitiveTagKeys.includes(key) ? 1 : 0,
    ]),
    ...(claims.sourceIdentity === undefined ? {} : { i: claims.sourceIdentity }),
    ...(claims.policyHash === undefined ? {} : { p: claims.policyHash }),
  }
  return Buffer.from(JSON.stringify(payload)).toString('base64url')
}

/** Reads what `encodePayload` wrote; only after its authenticator was checked. */
function decodePayload(text: string): { accessKeyId: string; claims: SessionClaims } {
  const payload: Payload = JSON.parse(Buffer.from(text, 'base64url').toString())
  return {
    accessKeyId: payload.k,
    claims: {
      roleArn: payload.r,
      sessionName: payload.n,
      expiresAtSeconds: payload.e,
      tags: payload.t.map(([key, value]) => ({ key, value })),
      transitiveTagKeys: payload.t.filter(([, , passesOn]) => passesOn === 1).map(([key]) => key),
      ...(payload.i === undefined ? {} : { sourceIdentity: payload.i }),
      ...(payload.p === undefined ? {} : { policyHash: payload.p }),
    },
  }
}
