import { createHash, generateKeyPairSync, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { signDigest } from './sign-digest.ts'

test('what is signed verifies', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  for (let round = 0; round < 50; round++) {
    const data = Buffer.from(`data ${round}`)
    const signature = signDigest(createHash('sha256').update(data).digest(), privateKey)
    expect(verify('sha256', data, publicKey, signature)).toBe(true)
  }
})
