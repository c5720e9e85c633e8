import { expect } from 'vitest'
import { describeRivals, inSeries, type Row, row } from './registry-rivals.ts'
import { none, profile, type Scene, SECOND } from './registry-scene.ts'
import * as world from './registry-world.ts'

const { FLOOR, HOUSE, PUMP, changed, done, refused, unchanged } = world

const scopedAfter = async (it: Scene) => expect(await it.scope()).toBe('session-policy')

const ownKey = (it: Scene) => ({
  ...world.newCa(it.tenantId),
  ...digestsOf(it),
})

const rows: Readonly<Record<string, Row>> = {
  'attach: the policy goes': row(
    (it) => it.attach('certificate'),
    (it) => it.writes.deletePolicy(it.key),
    refused('policy-unknown'),
  ),
  'attach: the policy is made again': row(
    (it) => it.attach('certificate'),
    (it) => it.remakePolicy(),
    changed,
  ),
  'attach: the certificate is registered again': row(
    (it) => it.attach('certificate'),
    (it) => it.remakeCertificate(),
    changed,
  ),
  'attach: the group is made again': row(
    (it) => it.attach('group'),
    (it) => it.remakeHouse(),
    changed,
  ),
  'attach: the alias is made again': row(
    (it) => it.attach('alias'),
    (it) => it.remakeAlias(),
    changed,
  ),
  'attach: another attaches it': row(
    (it) => it.attach('certificate'),
    (it) => it.attach('certificate'),
    unchanged,
  ),
  'attach: another takes the last place': row(
    (it) => it.attach('group'),
    (it) => it.attach('group', SECOND),
    refused('too-many-policies'),
    {
      before: async (it) => {
        await it.createPolicy(world.policyName('third'))
        await it.attach('group', world.policyName('third'))
      },
    },
  ),
  'attach what was judged: the default changes': row(
    (it) => it.attachJudged(),
    (it) => it.addVersion(true),
    refused('policy-changed'),
    { after: async (it) => expect(await it.scope()).toBe('role') },
  ),
  'detach: another detaches it': row(
    (it) => it.detach('certificate'),
    (it) => it.detach('certificate'),
    unchanged,
    { before: (it) => it.attach('certificate') },
  ),
  'detach: policy and edge are made again': row(
    (it) => it.detach('certificate'),
    (it) =>
      inSeries(
        () => it.detach('certificate'),
        it.remakePolicy,
        () => it.attach('certificate'),
      ),
    changed,
    { before: (it) => it.attach('certificate') },
  ),
  'detach: certificate and edge are made again': row(
    (it) => it.detach('certificate'),
    (it) => inSeries(it.remakeCertificate, () => it.attach('certificate')),
    changed,
    { before: (it) => it.attach('certificate') },
  ),
  'create a policy: another creates it': row(
    (it) => it.createPolicy(world.policyName('third')),
    (it) => it.createPolicy(world.policyName('third')),
    refused('policy-exists'),
  ),
  'delete a policy: it is attached': row(
    (it) => it.writes.deletePolicy(it.key),
    (it) => it.attach('certificate'),
    refused('policy-attached'),
  ),
  'delete a policy: it gets a version': row(
    (it) => it.writes.deletePolicy(it.key),
    (it) => it.addVersion(false),
    refused('policy-has-versions'),
  ),
  'delete a policy: it gets another only version': row(
    (it) => it.writes.deletePolicy(it.key),
    (it) =>
      inSeries(
        () => it.addVersion(true),
        () => it.dropVersion('1'),
      ),
    done,
  ),
  'delete a policy: it is made again': row(
    (it) => it.writes.deletePolicy(it.key),
    (it) => it.remakePolicy(),
    done,
  ),
  'create a version: another is created': row(
    (it) => it.addVersion(true),
    (it) => it.addVersion(true),
    { ok: true, versionId: '3' },
  ),
  'create a version: another is created and deleted': row(
    (it) => it.addVersion(false),
    (it) =>
      inSeries(
        () => it.addVersion(false),
        () => it.dropVersion('2'),
      ),
    { ok: true, versionId: '3' },
  ),
  'create a version: the last place is taken': row(
    (it) => it.addVersion(false),
    (it) => it.addVersion(false),
    refused('too-many-versions'),
    { before: (it) => inSeries(...[2, 3, 4].map(() => () => it.addVersion(false))) },
  ),
  'create a version: the policy is made again': row(
    (it) => it.addVersion(false),
    (it) => it.remakePolicy(),
    { ok: true, versionId: '2' },
  ),
  'create an unfit default: the policy limits an alias': row(
    (it) => it.addVersion(true, false),
    (it) => it.attach('alias'),
    refused('limits-role-alias'),
  ),
  'set an unfit default: the policy limits an alias': row(
    (it) => it.setDefault('2', false),
    (it) => it.attach('alias'),
    refused('limits-role-alias'),
    { before: (it) => it.addVersion(false) },
  ),
  'set the default: the version goes': row(
    (it) => it.setDefault('2'),
    (it) => it.dropVersion('2'),
    refused('version-unknown'),
    { before: (it) => it.addVersion(false) },
  ),
  'set the default: another sets it': row(
    (it) => it.setDefault('2'),
    (it) => it.setDefault('2'),
    unchanged,
    { before: (it) => it.addVersion(false) },
  ),
  'delete a version: it becomes the default': row(
    (it) => it.dropVersion('2'),
    (it) => it.setDefault('2'),
    refused('version-is-default'),
    { before: (it) => it.addVersion(false) },
  ),
  'delete a version: another deletes it': row(
    (it) => it.dropVersion('2'),
    (it) => it.dropVersion('2'),
    refused('version-unknown'),
    { before: (it) => it.addVersion(false) },
  ),
  'attach a thing: the thing goes': row(
    (it) => it.attachThing(false),
    (it) => it.writes.deleteThing(it.lamp),
    refused('thing-unknown'),
  ),
  'attach a thing: the thing is made again': row(
    (it) => it.attachThing(false),
    (it) => it.remakeThing(),
    changed,
  ),
  'attach a thing: the certificate is registered again': row(
    (it) => it.attachThing(false),
    (it) => it.remakeCertificate(),
    changed,
  ),
  'attach a thing: another attaches it': row(
    (it) => it.attachThing(false),
    (it) => it.attachThing(false),
    unchanged,
  ),
  'attach a thing: another thing is attached exclusively': row(
    (it) => it.attachThing(false),
    (it) => it.attachThing(true, PUMP),
    refused('certificate-exclusive'),
  ),
  'attach exclusively: another thing is attached': row(
    (it) => it.attachThing(true),
    (it) => it.attachThing(false, PUMP),
    refused('certificate-has-other-things'),
  ),
  'make exclusive: another thing is attached': row(
    (it) => it.attachThing(true),
    (it) => it.attachThing(false, PUMP),
    refused('certificate-has-other-things'),
    { before: (it) => it.attachThing(false) },
  ),
  'make exclusive: the thing is detached': row(
    (it) => it.attachThing(true),
    (it) => it.detachThing(),
    changed,
    { before: (it) => it.attachThing(false) },
  ),
  'make exclusive: another thing takes its place': row(
    (it) => it.attachThing(true),
    (it) => inSeries(it.detachThing, () => it.attachThing(false, PUMP)),
    refused('certificate-has-other-things'),
    { before: (it) => it.attachThing(false) },
  ),
  'make exclusive: thing and edge are made again': row(
    (it) => it.attachThing(true),
    (it) => inSeries(it.detachThing, it.remakeThing, () => it.attachThing(false)),
    changed,
    { before: (it) => it.attachThing(false) },
  ),
  'detach a thing: another detaches it': row(
    (it) => it.detachThing(),
    (it) => it.detachThing(),
    unchanged,
    { before: (it) => it.attachThing(false) },
  ),
  'detach a thing: it is made exclusive': row(
    (it) => it.detachThing(),
    (it) => it.attachThing(true),
    changed,
    { before: (it) => it.attachThing(false) },
  ),
  'detach an exclusive thing: it is attached plainly': row(
    (it) => it.detachThing(),
    (it) =>
      inSeries(
        it.detachThing,
        () => it.attachThing(false),
        () => it.attachThing(false, PUMP),
      ),
    changed,
    { before: (it) => it.attachThing(true) },
  ),
  'detach a thing: thing and edge are made again': row(
    (it) => it.detachThing(),
    (it) => inSeries(it.detachThing, it.remakeThing, () => it.attachThing(false)),
    changed,
    { before: (it) => it.attachThing(false) },
  ),
  'create a thing: another creates it alike': row(
    (it) =>
      it.writes.createThing({ ...it.lamp, thingName: world.thingName('new'), attributes: none }),
    (it) =>
      it.writes.createThing({ ...it.lamp, thingName: world.thingName('new'), attributes: none }),
    { ok: true, thingId: expect.any(String) },
  ),
  'create a thing: another creates it otherwise': row(
    (it) =>
      it.writes.createThing({ ...it.lamp, thingName: world.thingName('new'), attributes: none }),
    (it) =>
      it.writes.createThing({
        ...it.lamp,
        thingName: world.thingName('new'),
        attributes: new Map([['a', 'b']]),
      }),
    refused('thing-exists'),
  ),
  'update a thing: another updates it': row(
    (it) => it.merge('one'),
    (it) => it.merge('two'),
    { ok: true, version: 3 },
    {
      after: async (it) => {
        const thing = await it.writes.getThing(it.lamp)
        expect(thing?.record.attributes.size).toBe(2)
      },
    },
  ),
  'update a thing: it is made again': row(
    (it) => it.merge('one'),
    (it) =>
      inSeries(
        () => it.writes.deleteThing(it.lamp),
        () => it.createThing(new Map([['a', 'b']])),
      ),
    { ok: true, version: 2 },
    {
      after: async (it) => {
        const thing = await it.writes.getThing(it.lamp)
        expect(thing?.record.attributes.size).toBe(2)
      },
    },
  ),
  'delete a thing: it is attached': row(
    (it) => it.writes.deleteThing(it.lamp),
    (it) => it.attachThing(false),
    refused('thing-attached'),
  ),
  'delete a thing: it joins a group': row(
    (it) => it.writes.deleteThing(it.lamp),
    (it) => it.join(),
    done,
  ),
  'delete a thing of one version: it is updated': row(
    (it) => it.writes.deleteThing({ ...it.lamp, expectedVersion: 1 }),
    (it) => it.merge('one'),
    refused('version-conflict'),
  ),
  'delete a thing: it is made again': row(
    (it) => it.writes.deleteThing(it.lamp),
    (it) => it.remakeThing(),
    done,
  ),
  'delete a thing: another deletes it': row(
    (it) => it.writes.deleteThing(it.lamp),
    (it) => it.writes.deleteThing(it.lamp),
    refused('thing-unknown'),
  ),
  'join a group: the thing joins another': row(
    (it) => it.join(),
    (it) => it.join(FLOOR),
    changed,
    {
      before: (it) => it.writes.createThingGroup({ ...it.floor, attributes: none }),
      after: async (it) => {
        expect((await it.writes.getThing(it.lamp))?.directGroups).toEqual([FLOOR, HOUSE])
      },
    },
  ),
  'join a group: the thing is made again': row(
    (it) => it.join(),
    (it) => it.remakeThing(),
    changed,
  ),
  'leave a group: the thing joins another': row(
    (it) => it.leave(),
    (it) => it.join(FLOOR),
    changed,
    {
      before: async (it) => {
        await it.writes.createThingGroup({ ...it.floor, attributes: none })
        await it.join()
      },
      after: async (it) => {
        expect((await it.writes.getThing(it.lamp))?.directGroups).toEqual([FLOOR])
      },
    },
  ),
  'create a group: its parent goes': row(
    (it) => it.createFloor(),
    (it) => it.writes.deleteThingGroup(it.house),
    refused('parent-group-unknown'),
  ),
  'create a group: its parent is made again': row(
    (it) => it.createFloor(),
    (it) => it.remakeHouse(),
    { ok: true, groupId: expect.any(String) },
  ),
  'create a group: another creates it otherwise': row(
    (it) => it.createFloor(),
    (it) => it.writes.createThingGroup({ ...it.floor, attributes: none }),
    refused('thing-group-exists'),
  ),
  'delete a group: it gets a child': row(
    (it) => it.writes.deleteThingGroup(it.house),
    (it) => it.createFloor(),
    refused('child-groups-attached'),
  ),
  'delete a group: it gets a policy': row(
    (it) => it.writes.deleteThingGroup(it.house),
    (it) => it.attach('group'),
    done,
  ),
  'delete a group: its policy goes': row(
    (it) => it.writes.deleteThingGroup(it.house),
    (it) => it.detach('group'),
    done,
    { before: (it) => it.attach('group') },
  ),
  'delete a group: another deletes it': row(
    (it) => it.writes.deleteThingGroup(it.house),
    (it) => it.writes.deleteThingGroup(it.house),
    refused('thing-group-unknown'),
  ),
  'delete a group: it is made again': row(
    (it) => it.writes.deleteThingGroup(it.house),
    (it) => it.remakeHouse(),
    done,
  ),
  'delete a group of one version: it is updated': row(
    (it) => it.writes.deleteThingGroup({ ...it.house, expectedVersion: 1 }),
    (it) => it.mergeIntoHouse('one'),
    refused('version-conflict'),
  ),
  'register a certificate: another registers it': row(
    (it) => it.register(),
    (it) => it.register(),
    refused('certificate-exists'),
    { before: (it) => inSeries(() => it.status('INACTIVE'), it.dropCertificate) },
  ),
  'change a status: another changes it': row(
    (it) => it.status('INACTIVE'),
    (it) => it.status('INACTIVE'),
    unchanged,
  ),
  'change a status: the certificate is registered again': row(
    (it) => it.status('REVOKED'),
    (it) => inSeries(it.remakeCertificate, () => it.status('ACTIVE')),
    changed,
  ),
  'change a status: another tenant registers the certificate': row(
    (it) => it.status('REVOKED'),
    (it) => it.giveAway('ACTIVE'),
    refused('certificate-unknown'),
  ),
  'delete a certificate: another tenant registers it': row(
    (it) => it.dropCertificate(),
    (it) => it.giveAway('INACTIVE'),
    refused('certificate-unknown'),
    { before: (it) => it.status('INACTIVE') },
  ),
  'attach a thing: another tenant registers the certificate': row(
    (it) => it.attachThing(false),
    (it) => it.giveAway('ACTIVE'),
    refused('certificate-unknown'),
  ),
  'detach a thing: another tenant registers the certificate and attaches its own': row(
    (it) => it.detachThing(),
    (it) => inSeries(it.detachThing, () => it.giveAway('ACTIVE', true)),
    refused('certificate-unknown'),
    {
      before: (it) =>
        inSeries(
          () => it.attachThing(false),
          () => it.attachElsewhere(),
        ),
    },
  ),
  'make exclusive: another tenant registers the certificate and attaches its own': row(
    (it) => it.attachThing(true),
    (it) => inSeries(it.detachThing, () => it.giveAway('ACTIVE', true)),
    refused('certificate-unknown'),
    { before: (it) => it.attachThing(false) },
  ),
  'attach: another tenant registers the certificate': row(
    (it) => it.attach('certificate'),
    (it) => it.giveAway('ACTIVE'),
    refused('target-unknown'),
  ),
  'detach: another tenant registers the certificate and attaches its own': row(
    (it) => it.detach('certificate'),
    (it) =>
      inSeries(
        () => it.detach('certificate'),
        () => it.giveAway('ACTIVE', true),
      ),
    refused('target-unknown'),
    {
      before: (it) =>
        inSeries(
          () => it.attach('certificate'),
          () => it.attach('group'),
        ),
    },
  ),
  'delete a certificate: it is activated': row(
    (it) => it.dropCertificate(),
    (it) => it.status('ACTIVE'),
    refused('certificate-active'),
    { before: (it) => it.status('INACTIVE') },
  ),
  'delete a certificate: a thing is attached': row(
    (it) => it.dropCertificate(),
    (it) => it.attachThing(false),
    refused('things-attached'),
    { before: (it) => it.status('INACTIVE') },
  ),
  'delete a certificate: a policy is attached': row(
    (it) => it.dropCertificate(false),
    (it) => it.attach('certificate'),
    refused('policies-attached'),
    { before: (it) => it.status('INACTIVE') },
  ),
  'delete a certificate by force: a policy is attached': row(
    (it) => it.dropCertificate(),
    (it) => it.attach('certificate'),
    done,
    { before: (it) => it.status('INACTIVE') },
  ),
  'delete a certificate: it is registered again': row(
    (it) => it.dropCertificate(),
    (it) => inSeries(it.dropCertificate, it.register),
    done,
    { before: (it) => it.status('INACTIVE') },
  ),
  'register a CA: another tenant claims its key': row(
    (it) => it.writes.registerCa({ ...it.ca, ...ownNewKey(it) }),
    (it) => it.writes.registerCa({ ...world.newCa(world.newTenant()), publicKeySha256: keyOf(it) }),
    refused('ca-of-other-tenant'),
  ),
  'register a CA: another CA gets its key': row(
    (it) => it.writes.registerCa(ownKey(it)),
    (it) => it.writes.registerCa(ownKey(it)),
    done,
  ),
  'register a CA: another CA takes the last place of its subject': row(
    (it) => it.writes.registerCa(ownKey(it)),
    (it) => it.writes.registerCa(ownKey(it)),
    refused('too-many-cas-of-subject'),
    {
      before: (it) =>
        inSeries(...[2, 3, 4, 5, 6, 7, 8, 9].map(() => () => it.writes.registerCa(ownKey(it)))),
    },
  ),
  'register a CA: its claim goes': row(
    (it) => it.writes.registerCa(ownKey(it)),
    (it) =>
      inSeries(
        () => it.writes.updateCa({ ...it.ca.record, status: 'INACTIVE' }),
        () => it.writes.deleteCa(it.ca.record),
      ),
    done,
  ),
  'register a CA: its claims go to another tenant': row(
    (it) => it.writes.registerCa(ownKey(it)),
    (it) =>
      inSeries(
        () => it.writes.updateCa({ ...it.ca.record, status: 'INACTIVE' }),
        () => it.writes.deleteCa(it.ca.record),
        () => it.writes.registerCa({ ...world.newCa(world.newTenant()), ...digestsOf(it) }),
      ),
    refused('ca-of-other-tenant'),
  ),
  'change a CA: another changes it': row(
    (it) => it.writes.updateCa({ ...it.ca.record, status: 'INACTIVE' }),
    ({ writes, ca: { record } }) =>
      writes.updateCa({
        tenantId: record.tenantId,
        caCertificateId: record.caCertificateId,
        autoRegistration: true,
      }),
    changed,
    {
      after: async (it) =>
        expect(await it.writes.getCa(it.ca.record)).toMatchObject({
          record: { status: 'INACTIVE' },
          autoRegistration: true,
        }),
    },
  ),
  'delete a CA: it is activated': row(
    (it) => it.writes.deleteCa(it.ca.record),
    (it) => it.writes.updateCa({ ...it.ca.record, status: 'ACTIVE' }),
    refused('ca-active'),
    { before: (it) => it.writes.updateCa({ ...it.ca.record, status: 'INACTIVE' }) },
  ),
  'delete a CA: another CA gets its key': row(
    (it) => it.writes.deleteCa(it.ca.record),
    (it) => it.writes.registerCa(ownKey(it)),
    done,
    { before: (it) => it.writes.updateCa({ ...it.ca.record, status: 'INACTIVE' }) },
  ),
  'create an alias: another creates it': row(
    (it) => it.createAlias(),
    (it) => it.createAlias(),
    refused('role-alias-exists'),
    { before: (it) => it.dropAlias() },
  ),
  'create an alias: it was scoped and deleted meanwhile': row(
    (it) => it.createAlias(),
    (it) =>
      inSeries(
        it.createAlias,
        () => it.attach('alias'),
        () => it.detach('alias'),
        it.dropAlias,
      ),
    done,
    { before: (it) => it.dropAlias(), after: scopedAfter },
  ),
  'create an alias that was scoped: it was unscoped and deleted meanwhile': row(
    (it) => it.createAlias(),
    (it) => inSeries(it.createAlias, it.unscope, it.dropAlias),
    done,
    {
      before: (it) =>
        inSeries(
          () => it.attach('alias'),
          () => it.detach('alias'),
          it.dropAlias,
        ),
      after: async (it) => expect(await it.scope()).toBe('role'),
    },
  ),
  'update an alias: it is scoped': row(
    (it) => it.writes.updateRoleAlias({ ...it.alias, credentialDurationSeconds: 900 }),
    (it) => it.attach('alias'),
    done,
    { after: scopedAfter },
  ),
  'update an alias: its sessions get a source identity': row(
    (it) => it.writes.updateRoleAlias({ ...it.alias, credentialDurationSeconds: 900 }),
    (it) =>
      it.writes.putSessionProfile({
        ...it.alias,
        profile: {
          ...profile,
          requireThingName: false,
          longDuration: 'clamp',
          sourceIdentity: 'certificateId',
        },
      }),
    done,
    {
      after: async (it) =>
        expect(await it.writes.getSessionProfile(it.alias)).toHaveProperty('sourceIdentity'),
    },
  ),
  'delete an alias: it gets a policy': row(
    (it) => it.dropAlias(),
    (it) => it.attach('alias'),
    refused('policies-attached'),
  ),
  'delete a scoped alias: it gets a policy': row(
    (it) => it.dropAlias(),
    (it) => it.attach('alias'),
    refused('policies-attached'),
    {
      before: (it) =>
        inSeries(
          () => it.attach('alias'),
          () => it.detach('alias'),
        ),
    },
  ),
  'delete an alias: it is scoped': row(
    (it) => it.dropAlias(),
    (it) =>
      inSeries(
        () => it.attach('alias'),
        () => it.detach('alias'),
      ),
    done,
    {
      after: async (it) => {
        await it.createAlias()
        await scopedAfter(it)
      },
    },
  ),
  'delete an alias: it is made again': row(
    (it) => it.dropAlias(),
    (it) => it.remakeAlias(),
    done,
  ),
  'unscope an alias: it gets a policy': row(
    (it) => it.unscope(),
    (it) => it.attach('alias'),
    refused('policies-attached'),
    { after: scopedAfter },
  ),
  'unscope an alias: it gets another role': row(
    (it) => it.unscope(),
    (it) => it.writes.updateRoleAlias({ ...it.alias, roleArn: world.OTHER_ROLE }),
    refused('role-not-passed'),
    {
      before: (it) =>
        inSeries(
          () => it.attach('alias'),
          () => it.detach('alias'),
        ),
      after: scopedAfter,
    },
  ),
  'reset a profile: the alias is scoped': row(
    (it) => it.writes.deleteSessionProfile(it.alias),
    (it) => it.attach('alias'),
    done,
    { after: scopedAfter },
  ),
  'create a tenant: another creates it': row(
    (it) => it.writes.putTenant({ record: world.tenantRecord(newest(it)), only: 'new' }),
    (it) => it.writes.putTenant({ record: world.tenantRecord(newest(it)), only: 'new' }),
    refused('tenant-exists'),
  ),
  'put a tenant: another puts it': row(
    (it) => it.writes.putTenant({ record: world.tenantRecord(it.tenantId) }),
    (it) =>
      it.writes.putTenant({ record: { ...world.tenantRecord(it.tenantId), status: 'DISABLED' } }),
    { ok: true, created: false },
  ),
  'create a thing type: another creates it otherwise': row(
    (it) => it.writes.createThingType({ ...type(it), searchableAttributes: [] }),
    (it) => it.writes.createThingType({ ...type(it), searchableAttributes: ['a'] }),
    refused('thing-type-exists'),
  ),
}

const digestsOf = ({ ca }: Scene) => ({
  publicKeySha256: ca.publicKeySha256,
  subjectSha256: ca.subjectSha256,
})

const type = (it: Scene) => ({ tenantId: it.tenantId, thingTypeName: world.thingTypeName('lamp') })

/** Names that both writers of one row use and no other row does. */
const shared = new WeakMap<Scene, { tenantId: ReturnType<typeof world.newTenant>; key: string }>()
function sharedBy(it: Scene) {
  const known = shared.get(it) ?? { tenantId: world.newTenant(), key: world.newDigest() }
  shared.set(it, known)
  return known
}
const newest = (it: Scene) => sharedBy(it).tenantId
const keyOf = (it: Scene) => sharedBy(it).key
const ownNewKey = (it: Scene) => ({ ...world.newCa(it.tenantId), publicKeySha256: keyOf(it) })

describeRivals(rows)
