import {
  addGroup,
  addPolicy,
  addThing,
  certificateOf,
  nameOfCertificate,
  type Place,
  policy,
  removeGroup,
  thing,
  type Walk,
} from './registry-walk-place.ts'
import { byThingName } from './registry-walk-things.ts'
import * as world from './registry-world.ts'

const { LAMP, READER } = world

const register = (it: Place, certificate: ReturnType<typeof certificateOf>) =>
  it.writes.registerCertificate({
    ...certificate,
    registration: { kind: 'without-ca' },
    status: 'INACTIVE',
  })

/** Lists of policies, role aliases and attachments. */
export const EDGE_WALKS: Readonly<Record<string, Walk>> = {
  'certificates of a thing': {
    prepare: (it) => addThing(it, LAMP),
    add: async (it, name) => {
      const certificate = certificateOf(it, name)
      await register(it, certificate)
      await it.writes.attachThing({ ...certificate, thingName: LAMP, exclusive: false })
    },
    remove: (it, name) => it.writes.detachThing({ ...certificateOf(it, name), thingName: LAMP }),
    list: (it, page) =>
      it.writes.listThingPrincipals({ ...thing(it, LAMP), exclusive: false, ...page }),
    nameOf: nameOfCertificate,
  },
  'things of a certificate': {
    prepare: (it) => register(it, it),
    add: async (it, name) => {
      await addThing(it, name)
      await it.writes.attachThing({ ...it, ...thing(it, name), exclusive: false })
    },
    remove: (it, name) => it.writes.detachThing({ ...it, ...thing(it, name) }),
    list: (it, page) => it.writes.listPrincipalThings({ ...it, ...page }),
    nameOf: byThingName,
  },
  policies: {
    add: addPolicy,
    remove: (it, name) => it.writes.deletePolicy(policy(it, name)),
    list: ({ writes, tenantId }, page) => writes.listPolicies({ tenantId, ...page }),
  },
  'targets of a policy': {
    prepare: (it) => addPolicy(it, READER),
    add: async (it, name) => {
      await addGroup(it, name)
      const target = { kind: 'thing-group', groupName: world.groupName(name) } as const
      await it.writes.attachPolicy({ ...policy(it, READER), target })
    },
    remove: removeGroup,
    list: (it, page) => it.writes.listTargetsForPolicy({ ...policy(it, READER), ...page }),
    nameOf: ({ groupName }: { groupName: string }) => groupName,
  },
  'policies of a target': {
    prepare: (it) => register(it, it),
    add: async (it, name) => {
      await addPolicy(it, name)
      await it.writes.attachPolicy({ ...policy(it, name), target: ownCertificate(it) })
    },
    remove: (it, name) =>
      it.writes.detachPolicy({ ...policy(it, name), target: ownCertificate(it) }),
    list: (it, page) =>
      it.writes.listAttachedPolicies({
        ...{ tenantId: it.tenantId, target: ownCertificate(it), ...page },
      }),
  },
  'role aliases': {
    add: ({ writes, tenantId }, name) =>
      writes.createRoleAlias({
        ...{ tenantId, roleAlias: world.roleAlias(name), roleArn: world.ROLE },
        credentialDurationSeconds: 3600,
      }),
    remove: ({ writes, tenantId }, name) =>
      writes.deleteRoleAlias({ tenantId, roleAlias: world.roleAlias(name) }),
    list: ({ writes, tenantId }, page) => writes.listRoleAliases({ tenantId, ...page }),
  },
}

const ownCertificate = ({ certificateId }: Place) =>
  ({ kind: 'certificate', certificateId }) as const
