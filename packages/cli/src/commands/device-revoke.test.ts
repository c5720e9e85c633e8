import { beforeEach, expect, test } from 'vitest'
import { createFakeFleet, refused } from '../../testing/fake-fleet.ts'
import { type DeviceRevokeOptions, revokeDevice } from './device-revoke.ts'

const id = (digit: string) => digit.repeat(64)
let fleet: ReturnType<typeof createFakeFleet>
beforeEach(() => {
  fleet = createFakeFleet()
  for (const thing of ['camera-1', 'camera-2', 'bare']) {
    fleet.things.set(thing, { type: undefined, attributes: {} })
  }
  const statuses = [
    ['a', 'ACTIVE', 'camera-1'],
    ['b', 'INACTIVE', 'camera-1'],
    ['c', 'REVOKED', 'camera-1'],
    ['d', 'ACTIVE', 'camera-2'],
  ] as const
  for (const [digit, status, thing] of statuses) {
    const certificate = { status, pem: '', things: new Set([thing]), policies: new Set<string>() }
    fleet.certificates.set(id(digit), certificate)
  }
})

async function revoke(device: string, options: DeviceRevokeOptions = {}) {
  const printed = { out: '', err: '' }
  const io = {
    out: (text: string) => {
      printed.out += text
    },
    err: (text: string) => {
      printed.err += text
    },
    environment: {},
  }
  const code = await revokeDevice(device, options, { send: fleet.send, io })
  const statuses = [...fleet.certificates.values()].map(({ status }) => status).join(' ')
  return { code, statuses, ...printed }
}

test('every certificate of the thing is revoked, and no other; it is said which', async () => {
  expect(await revoke('camera-1')).toEqual({
    ...{ code: 0, err: '', statuses: 'REVOKED REVOKED REVOKED ACTIVE' },
    out: `certificateId${' '.repeat(51)}  before    status
${id('a')}  ACTIVE    REVOKED
${id('b')}  INACTIVE  REVOKED
${id('c')}  REVOKED   REVOKED
`,
  })
})

test('one certificate is revoked by its id', async () => {
  const { code, out, statuses } = await revoke(id('d'), { json: true })
  expect({ code, statuses }).toEqual({ code: 0, statuses: 'ACTIVE INACTIVE REVOKED REVOKED' })
  expect(JSON.parse(out)).toEqual([{ certificateId: id('d'), before: 'ACTIVE', status: 'REVOKED' }])
})

test('deactivated only, what is revoked stays revoked', async () => {
  expect(await revoke('camera-1', { inactive: true })).toMatchObject({
    ...{ code: 0, statuses: 'INACTIVE INACTIVE REVOKED ACTIVE' },
  })
})

test('one that fails keeps none of the others, and ends with 1', async () => {
  fleet.gate.fail = (name, { certificateId }) =>
    name === 'UpdateCertificate' && certificateId === id('a') ? refused('Broken', 500) : undefined
  const { code, err, out, statuses } = await revoke('camera-1', { json: true })
  expect({ code, err, statuses }).toEqual({
    ...{ code: 1, statuses: 'ACTIVE REVOKED REVOKED ACTIVE' },
    err: 'thingpass: Broken (Broken, HTTP 500)\n',
  })
  expect(JSON.parse(out)).toHaveLength(2)
})

test.each([
  ['bare', 'nothing to revoke: bare has no certificate'],
  ['nobody', 'ResourceNotFoundException'],
  [id('e'), 'ResourceNotFoundException'],
])('%s has nothing to revoke, which is not success', async (device, told) => {
  expect(await revoke(device)).toMatchObject({
    ...{ code: 1, err: expect.stringContaining(told), statuses: 'ACTIVE INACTIVE REVOKED ACTIVE' },
  })
})
