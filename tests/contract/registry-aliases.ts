import { DEFAULT_SESSION_PROFILE } from '@thingpass/core/records'
import { expect, test } from 'vitest'
import * as world from './registry-world.ts'

const { CAMERA, READER } = world

/** Role aliases and their session profiles. */
export function describeRoleAliases(registry: () => world.RegistryUnderTest): void {
  async function seedAlias() {
    const { tenantId } = await world.seed(registry())
    const alias = { tenantId, roleAlias: CAMERA }
    const created = await registry().writes.createRoleAlias({
      ...alias,
      roleArn: world.ROLE,
      credentialDurationSeconds: 3600,
    })
    expect(created).toEqual(world.done)
    const target = { kind: 'role-alias', roleAlias: CAMERA } as const
    return { alias, policy: { tenantId, policyName: READER, target } }
  }

  const settings = {
    tags: new Map([['site', 'x']]),
    transitiveTagKeys: ['site'],
    requireThingName: true,
    longDuration: 'refuse',
  } as const
  const { scope: _scope, ...defaults } = DEFAULT_SESSION_PROFILE

  test('a role alias is made once, described, changed and deleted', async () => {
    const { writes } = registry()
    const { alias } = await seedAlias()
    expect(
      await writes.createRoleAlias({
        ...alias,
        roleArn: world.ROLE,
        credentialDurationSeconds: 900,
      }),
    ).toEqual(world.refused('role-alias-exists'))
    const record = {
      roleAlias: CAMERA,
      roleArn: world.ROLE,
      credentialDurationSeconds: 3600,
      sessionProfile: DEFAULT_SESSION_PROFILE,
    }
    const dates = { createdAt: world.NOW_STORED, modifiedAt: world.NOW_STORED }
    expect(await writes.describeRoleAlias(alias)).toEqual({ record, ...dates })
    expect(await writes.updateRoleAlias({ ...alias, credentialDurationSeconds: 43_200 })).toEqual(
      world.done,
    )
    expect(await writes.updateRoleAlias({ ...alias, roleArn: world.OTHER_ROLE })).toEqual(
      world.done,
    )
    expect((await writes.describeRoleAlias(alias))?.record).toEqual({
      ...record,
      roleArn: world.OTHER_ROLE,
      credentialDurationSeconds: 43_200,
    })
    expect(await writes.deleteRoleAlias(alias)).toEqual(world.done)
    const unknown = world.refused('role-alias-unknown')
    expect(await writes.deleteRoleAlias(alias)).toEqual(unknown)
    expect(await writes.updateRoleAlias(alias)).toEqual(unknown)
    expect(await writes.putSessionProfile({ ...alias, profile: settings })).toEqual(unknown)
    expect(await writes.deleteSessionProfile(alias)).toEqual(unknown)
    expect(await writes.getSessionProfile(alias)).toBeUndefined()
  })

  test('a profile is put, survives an update of the alias, and goes back to the defaults', async () => {
    const { writes } = registry()
    const { alias } = await seedAlias()
    const profile = { ...settings, sourceIdentity: 'certificateId' } as const
    expect(await writes.putSessionProfile({ ...alias, profile })).toEqual(world.done)
    await writes.updateRoleAlias({ ...alias, credentialDurationSeconds: 900 })
    expect(await writes.getSessionProfile(alias)).toEqual({ ...profile, scope: 'role' })
    expect(await writes.putSessionProfile({ ...alias, profile: settings })).toEqual(world.done)
    expect(await writes.getSessionProfile(alias)).toEqual({ ...settings, scope: 'role' })
    expect(await writes.deleteSessionProfile(alias)).toEqual(world.done)
    expect(await writes.getSessionProfile(alias)).toEqual(DEFAULT_SESSION_PROFILE)
  })

  type Seeded = Awaited<ReturnType<typeof seedAlias>>
  const scoped: [
    string,
    (writes: world.RegistryUnderTest['writes'], seeded: Seeded) => Promise<unknown>,
  ][] = [
    ['the last policy is detached', async () => undefined],
    ['the profile is deleted', (writes, { alias }) => writes.deleteSessionProfile(alias)],
    [
      'a profile without scope is put',
      (writes, { alias }) => writes.putSessionProfile({ ...alias, profile: settings }),
    ],
    [
      'the alias gets another role',
      (writes, { alias }) => writes.updateRoleAlias({ ...alias, roleArn: world.OTHER_ROLE }),
    ],
  ]
  test.each(scoped)('an alias stays scoped when %s', async (_name, act) => {
    const { writes } = registry()
    const seeded = await seedAlias()
    await writes.attachPolicy(seeded.policy)
    await writes.detachPolicy(seeded.policy)
    await act(writes, seeded)
    expect(await writes.getSessionProfile(seeded.alias)).toMatchObject({ scope: 'session-policy' })
  })

  test('only scope role unscopes, without policies and for the role that may be passed', async () => {
    const { writes } = registry()
    const { alias, policy } = await seedAlias()
    const unscope = { ...alias, profile: { ...defaults, scope: 'role' } } as const
    const passed = { ...unscope, passedRoleArn: world.ROLE }
    await writes.attachPolicy(policy)
    expect(await writes.putSessionProfile(passed)).toEqual(world.refused('policies-attached'))
    await writes.detachPolicy(policy)
    expect(await writes.putSessionProfile(unscope)).toEqual(world.refused('role-not-passed'))
    expect(await writes.putSessionProfile({ ...unscope, passedRoleArn: world.OTHER_ROLE })).toEqual(
      world.refused('role-not-passed'),
    )
    expect(await writes.getSessionProfile(alias)).toMatchObject({ scope: 'session-policy' })
    expect(await writes.putSessionProfile(passed)).toEqual(world.done)
    expect(await writes.getSessionProfile(alias)).toMatchObject({ scope: 'role' })
    await writes.deleteRoleAlias(alias)
    await writes.createRoleAlias({ ...alias, roleArn: world.ROLE, credentialDurationSeconds: 900 })
    expect(await writes.getSessionProfile(alias)).toMatchObject({ scope: 'role' })
  })

  test('an alias is scoped by its profile, before any policy', async () => {
    const { writes } = registry()
    const { alias } = await seedAlias()
    const profile = { ...settings, scope: 'session-policy' } as const
    expect(await writes.putSessionProfile({ ...alias, profile })).toEqual(world.done)
    expect(await writes.getSessionProfile(alias)).toEqual(profile)
  })
}
