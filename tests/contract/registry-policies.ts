import { expect, test } from 'vitest'
import * as world from './registry-world.ts'

const { CAMERA, READER } = world

/** Policies and their versions. */
export function describePolicies(registry: () => world.RegistryUnderTest): void {
  async function seedPolicy() {
    const { tenantId, generationId } = await world.seed(registry())
    const key = { tenantId, policyName: READER }
    const addVersion = (setAsDefault: boolean, rendersAsSessionPolicy = true) =>
      registry().writes.createPolicyVersion({
        ...key,
        document: world.DENY,
        setAsDefault,
        rendersAsSessionPolicy,
      })
    const setDefault = (versionId: string, rendersAsSessionPolicy = true) =>
      registry().writes.setDefaultPolicyVersion({
        ...key,
        generationId,
        versionId,
        rendersAsSessionPolicy,
      })
    const drop = (versionId: string) => registry().writes.deletePolicyVersion({ ...key, versionId })
    return { key, generationId, addVersion, setDefault, drop }
  }

  test('a new policy has version 1 for its default', async () => {
    const { writes } = registry()
    const { key, generationId } = await seedPolicy()
    const dates = { createdAt: world.NOW_STORED, modifiedAt: world.NOW_STORED }
    expect(await writes.getPolicy(key)).toEqual({
      ...key,
      ...dates,
      generationId,
      defaultVersionId: '1',
      document: world.ALLOW,
    })
    expect(await writes.createPolicy({ ...key, document: world.DENY })).toEqual(
      world.refused('policy-exists'),
    )
    expect(await writes.getPolicyVersion({ ...key, versionId: '1' })).toEqual({
      ...key,
      generationId,
      versionId: '1',
      document: world.ALLOW,
      isDefault: true,
      createdAt: world.NOW_STORED,
    })
  })

  test('at most five versions are live, and no id is given twice', async () => {
    const { writes } = registry()
    const { key, addVersion, drop } = await seedPolicy()
    for (const versionId of ['2', '3', '4', '5']) {
      expect(await addVersion(false)).toEqual({ ok: true, versionId })
    }
    expect(await addVersion(false)).toEqual(world.refused('too-many-versions'))
    expect(await drop('5')).toEqual(world.done)
    expect(await addVersion(false)).toEqual({ ok: true, versionId: '6' })
    const listed = await writes.listPolicyVersions(key)
    expect(listed?.map(({ versionId, isDefault }) => [versionId, isDefault])).toEqual([
      ['1', true],
      ['2', false],
      ['3', false],
      ['4', false],
      ['6', false],
    ])
  })

  test('version ten comes after version nine', async () => {
    const { writes } = registry()
    const { key, addVersion, drop } = await seedPolicy()
    for (let n = 2; n <= 10; n += 1) {
      await addVersion(false)
      if (n < 9) await drop(String(n))
    }
    const listed = await writes.listPolicyVersions(key)
    expect(listed?.map(({ versionId }) => versionId)).toEqual(['1', '9', '10'])
  })

  test('the default version is set, and holds its place', async () => {
    const { writes } = registry()
    const { key, addVersion, setDefault, drop } = await seedPolicy()
    await addVersion(true)
    expect(await writes.getPolicy(key)).toMatchObject({
      defaultVersionId: '2',
      document: world.DENY,
    })
    expect(await drop('2')).toEqual(world.refused('version-is-default'))
    expect(await setDefault('1')).toEqual(world.changed)
    expect(await setDefault('1')).toEqual(world.unchanged)
    expect(await writes.getPolicy(key)).toMatchObject({
      defaultVersionId: '1',
      document: world.ALLOW,
    })
    expect(await drop('2')).toEqual(world.done)
  })

  test.each(['2', '0', '01', '99999999999', 'x', ''])(
    'version %j is unknown',
    async (versionId) => {
      const { writes } = registry()
      const { key, setDefault, drop } = await seedPolicy()
      expect(await setDefault(versionId)).toEqual(world.refused('version-unknown'))
      expect(await drop(versionId)).toEqual(world.refused('version-unknown'))
      expect(await writes.getPolicyVersion({ ...key, versionId })).toBeUndefined()
    },
  )

  test('a policy that is not there is unknown, whatever is asked of it', async () => {
    const { writes } = registry()
    const { key } = await seedPolicy()
    const nobody = { ...key, policyName: world.policyName('nobody') }
    const version = {
      ...nobody,
      versionId: '1',
      document: world.ALLOW,
      generationId: 'g-1',
      setAsDefault: false,
      rendersAsSessionPolicy: true,
    }
    expect(await writes.getPolicy(nobody)).toBeUndefined()
    expect(await writes.listPolicyVersions(nobody)).toBeUndefined()
    expect(await writes.getPolicyVersion(version)).toBeUndefined()
    const outcomes = [
      await writes.createPolicyVersion(version),
      await writes.setDefaultPolicyVersion(version),
      await writes.deletePolicyVersion(version),
      await writes.deletePolicy(nobody),
    ]
    expect(outcomes).toEqual(outcomes.map(() => world.refused('policy-unknown')))
  })

  test('a policy goes with its last version only', async () => {
    const { writes } = registry()
    const { key, addVersion, drop } = await seedPolicy()
    await addVersion(true)
    expect(await writes.deletePolicy(key)).toEqual(world.refused('policy-has-versions'))
    await drop('1')
    expect(await writes.deletePolicy(key)).toEqual(world.done)
    expect(await writes.getPolicy(key)).toBeUndefined()
    expect(await writes.listPolicyVersions(key)).toBeUndefined()
  })

  test('a version that was judged does not count in a policy made again under its name', async () => {
    const { writes } = registry()
    const { key, generationId, addVersion, setDefault, drop } = await seedPolicy()
    await addVersion(true)
    await drop('1')
    expect(await writes.deletePolicy(key)).toEqual(world.done)
    const again = await writes.createPolicy({ ...key, document: world.ALLOW })
    await addVersion(false)
    for (const versionId of ['1', '2', '3']) {
      expect(await setDefault(versionId)).toEqual(world.refused('policy-changed'))
    }
    expect(await writes.getPolicy(key)).toMatchObject({ defaultVersionId: '1' })
    const judged = again.ok ? again.generationId : generationId
    expect(
      await writes.setDefaultPolicyVersion({
        ...key,
        generationId: judged,
        versionId: '2',
        rendersAsSessionPolicy: false,
      }),
    ).toEqual(world.changed)
  })

  test('a text that cannot be a session policy does not become the default of one', async () => {
    const { writes } = registry()
    const { key, addVersion, setDefault } = await seedPolicy()
    const alias = { tenantId: key.tenantId, roleAlias: CAMERA }
    await writes.createRoleAlias({ ...alias, roleArn: world.ROLE, credentialDurationSeconds: 3600 })
    expect(await addVersion(true, false)).toEqual({ ok: true, versionId: '2' })
    const target = { kind: 'role-alias', roleAlias: CAMERA } as const
    await writes.attachPolicy({ ...key, target })
    expect(await addVersion(true, false)).toEqual(world.refused('limits-role-alias'))
    expect(await addVersion(false, false)).toEqual({ ok: true, versionId: '3' })
    expect(await setDefault('3', false)).toEqual(world.refused('limits-role-alias'))
    expect(await setDefault('3', true)).toEqual(world.changed)
    expect(await addVersion(true, true)).toEqual({ ok: true, versionId: '4' })
    await writes.detachPolicy({ ...key, target })
    expect(await setDefault('1', false)).toEqual(world.changed)
  })
}
