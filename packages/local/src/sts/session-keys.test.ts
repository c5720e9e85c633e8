import { expect, test } from 'vitest'
import { encodeBase32 } from './base32.ts'
import { createSessionKeyring, type SessionClaims } from './session-keys.ts'

const keyring = createSessionKeyring(Buffer.alloc(32, 1))

const CLAIMS: SessionClaims = {
  roleArn: 'arn:aws:iam::123456789012:role/camera',
  sessionName: 'device-1',
  expiresAtSeconds: 1_772_366_400,
  tags: [
    { key: 'Größe', value: '"\\\u2028' },
    { key: 'Site', value: '' },
  ],
  transitiveTagKeys: ['Site'],
  sourceIdentity: 'plant-7',
  policyHash: 'hash',
}

test('reads back what it issued, with the secret that it gave', () => {
  const { accessKeyId, secretAccessKey, sessionToken } = keyring.issue(CLAIMS)
  expect(keyring.read(accessKeyId, sessionToken)).toEqual({ claims: CLAIMS, secretAccessKey })
})

test('leaves out what a session does not have', () => {
  const { sourceIdentity, policyHash, ...bare } = CLAIMS
  const { accessKeyId, sessionToken } = keyring.issue(bare)
  expect(keyring.read(accessKeyId, sessionToken)?.claims).toStrictEqual(bare)
})

test('writes tokens of characters that JSON does not escape', () => {
  const { sessionToken } = keyring.issue(CLAIMS)
  expect(JSON.stringify(sessionToken)).toBe(`"${sessionToken}"`)
})

test('gives each session an access key and a secret of its own', () => {
  const issued = [keyring.issue(CLAIMS), keyring.issue(CLAIMS)]
  expect(new Set(issued.map(({ accessKeyId }) => accessKeyId)).size).toBe(2)
  expect(new Set(issued.map(({ secretAccessKey }) => secretAccessKey)).size).toBe(2)
})

test('does not read a token in any way changed', () => {
  const { accessKeyId, sessionToken } = keyring.issue(CLAIMS)
  for (let at = 0; at < sessionToken.length; at += 1) {
    const other = sessionToken[at] === 'A' ? 'Q' : 'A'
    const changed = `${sessionToken.slice(0, at)}${other}${sessionToken.slice(at + 1)}`
    const isSame = Buffer.from(changed, 'base64url').equals(Buffer.from(sessionToken, 'base64url'))
    if (!isSame) expect(keyring.read(accessKeyId, changed)).toBeUndefined()
  }
})

test.each(['', 'thingpass-local/1/', 'thingpass-local/1/e30.', 'thingpass-local/2/e30.AAAA'])(
  'does not read %j',
  (token) => {
    expect(keyring.read('ASIALOCALAAAAAAAAAAA', token)).toBeUndefined()
  },
)

test('does not read a token with anything before or after it', () => {
  const { accessKeyId, sessionToken } = keyring.issue(CLAIMS)
  expect(keyring.read(accessKeyId, `x${sessionToken}`)).toBeUndefined()
  expect(keyring.read(accessKeyId, `${sessionToken}=`)).toBeUndefined()
})

test('reads a token only for the access key that it was issued with', () => {
  const one = keyring.issue(CLAIMS)
  const other = keyring.issue(CLAIMS)
  expect(keyring.read(other.accessKeyId, one.sessionToken)).toBeUndefined()
})

test('reads no token of another signing key', () => {
  const { accessKeyId, sessionToken } = createSessionKeyring(Buffer.alloc(32, 2)).issue(CLAIMS)
  expect(keyring.read(accessKeyId, sessionToken)).toBeUndefined()
})

// Source: RFC 4648 §10, padding left out, as are bits that fill no character.
test.each([
  ['', ''],
  ['f', 'M'],
  ['fo', 'MZX'],
  ['foo', 'MZXW'],
  ['foob', 'MZXW6Y'],
  ['fooba', 'MZXW6YTB'],
])('writes %j in base32 as %j', (text, encoded) => {
  expect(encodeBase32(Buffer.from(text))).toBe(encoded)
})
