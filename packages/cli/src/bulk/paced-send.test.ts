import { expect, test } from 'vitest'
import { createPacedSend } from './paced-send.ts'

test('calls are spread evenly, however many there are at one time', async () => {
  const time = { now: 5000 }
  const waits: number[] = []
  const pacemaker = {
    now: () => time.now,
    sleep: async (milliseconds: number) => {
      waits.push(milliseconds)
    },
  }
  const sent: unknown[] = []
  const send = createPacedSend(
    async (request) => {
      sent.push(request)
      return { ok: true, json: {} }
    },
    4,
    pacemaker,
  )
  const call = { operation: 'CreateThing', input: {} } as const
  await Promise.all([send(call), send(call), send(call)])
  time.now = 5600
  await send(call)
  time.now = 9000
  await send(call)
  expect(waits).toEqual([250, 500, 150])
  expect(sent).toEqual([call, call, call, call, call])
})
