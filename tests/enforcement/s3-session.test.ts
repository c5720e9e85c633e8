import { expect, test } from 'vitest'
import { statusOf } from './s3-session.ts'

test('an answer has its status, once its body is read', async () => {
  let read = false
  const Body = {
    transformToByteArray: async () => {
      read = true
      return new Uint8Array()
    },
  }
  expect(await statusOf(Promise.resolve({ $metadata: { httpStatusCode: 200 }, Body }))).toBe(200)
  expect(read).toBe(true)
})

test('a refusal has its status, whatever it is called', async () => {
  const refusal = Object.assign(new Error('UnknownError'), { $metadata: { httpStatusCode: 403 } })
  expect(await statusOf(Promise.reject(refusal))).toBe(403)
})

test('no answer is no refusal', async () => {
  const reset = Object.assign(new Error('ECONNRESET'), { $metadata: { attempts: 1 } })
  await expect(statusOf(Promise.reject(reset))).rejects.toBe(reset)
  await expect(statusOf(Promise.resolve({ $metadata: {} }))).rejects.toThrow('no status')
})
