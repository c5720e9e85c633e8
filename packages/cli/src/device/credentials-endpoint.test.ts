import { expect, test } from 'vitest'
import { createFakeFleet, refused } from '../../testing/fake-fleet.ts'
import { findCredentialsEndpoint } from './credentials-endpoint.ts'

const device = { thingName: 'camera-1', certificateId: 'a'.repeat(64) }
const explained = ({ asked }: ReturnType<typeof createFakeFleet>) =>
  asked.flatMap((request) => ('path' in request ? [request] : []))

test('the first alias that lets the device in is found, for its certificate and thing', async () => {
  const fleet = createFakeFleet()
  fleet.aliases.set('a', 'deny').set('b', 'allow').set('c', 'allow')
  expect(await findCredentialsEndpoint(device, fleet.send)).toEqual({
    ...{ host: 'devices.example.com', roleAlias: 'b' },
  })
  expect(explained(fleet).map(({ body }) => body)).toEqual([
    { ...device, roleAlias: 'a' },
    { ...device, roleAlias: 'b' },
  ])
})

test('of very many aliases not all are tried', async () => {
  const fleet = createFakeFleet()
  for (let index = 0; index < 60; index += 1) fleet.aliases.set(`a${index}`, 'deny')
  expect(await findCredentialsEndpoint(device, fleet.send)).not.toHaveProperty('roleAlias')
  expect(explained(fleet)).toHaveLength(50)
})

test('where nothing may be asked, nothing is known, and that is no failure', async () => {
  const fleet = createFakeFleet()
  fleet.aliases.set('a', 'allow').set('b', 'allow')
  fleet.gate.fail = (name) =>
    name === 'ListRoleAliases' ? undefined : refused('AccessDeniedException', 403)
  expect(await findCredentialsEndpoint(device, fleet.send)).toEqual({})
  expect(explained(fleet)).toHaveLength(1)
  fleet.gate.fail = () => ({ problem: 'nothing there' })
  expect(await findCredentialsEndpoint(device, fleet.send)).toEqual({})
})

test('an alias whose name is none does not get into a line for a shell', async () => {
  const fleet = createFakeFleet()
  fleet.aliases.set('$(x)', 'allow')
  expect(await findCredentialsEndpoint(device, fleet.send)).not.toHaveProperty('roleAlias')
})
