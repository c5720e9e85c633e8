import type { ApiSubject } from '../api-command.ts'
import { constant, pairs, wholeNumber } from '../option-readers.ts'

const GROUP = { name: 'group', member: 'thingGroupName' } as const
const THING = { name: 'thing', member: 'thingName' } as const
const PROPERTIES = [
  {
    flags: '--description <text>',
    about: 'what it is',
    member: 'thingGroupProperties.thingGroupDescription',
  },
  {
    flags: '--attr <key=value>',
    about: 'attribute; may be repeated',
    member: 'thingGroupProperties.attributePayload.attributes',
    read: pairs,
  },
] as const
const EXPECTED_VERSION = {
  flags: '--expected-version <number>',
  about: 'refuse where the group has changed since',
  member: 'expectedVersion',
  read: wholeNumber,
} as const

/** Static thing groups. */
export const THING_GROUPS: ApiSubject = {
  name: 'thing-groups',
  about: 'thing groups and the things in them',
  commands: [
    {
      verb: 'create',
      about: 'create a thing group',
      example: 'berlin --parent europe',
      arguments: [GROUP],
      options: [
        {
          flags: '--parent <group>',
          about: 'group that it is part of, for good',
          member: 'parentGroupName',
        },
        ...PROPERTIES,
      ],
      call: { operation: 'CreateThingGroup' },
    },
    {
      verb: 'describe',
      about: 'show a thing group',
      example: 'berlin',
      arguments: [GROUP],
      call: { operation: 'DescribeThingGroup' },
    },
    {
      verb: 'update',
      about: 'change the description or the attributes of a thing group',
      example: 'berlin --description "All of Berlin"',
      arguments: [GROUP],
      options: [
        ...PROPERTIES,
        {
          flags: '--merge',
          about: 'keep the attributes that are not named',
          member: 'thingGroupProperties.attributePayload.merge',
          read: constant(true),
        },
        EXPECTED_VERSION,
      ],
      fixed: { thingGroupProperties: {} },
      call: { operation: 'UpdateThingGroup' },
    },
    {
      verb: 'delete',
      about: 'delete a thing group without children',
      example: 'berlin',
      arguments: [GROUP],
      options: [EXPECTED_VERSION],
      call: { operation: 'DeleteThingGroup' },
    },
    {
      verb: 'list',
      about: 'list thing groups',
      example: '--parent europe --recursive',
      options: [
        { flags: '--parent <group>', about: 'only below this one', member: 'parentGroup' },
        {
          flags: '--prefix <text>',
          about: 'only those whose name begins so',
          member: 'namePrefixFilter',
        },
        {
          flags: '--recursive',
          about: 'children of children, too',
          member: 'recursive',
          read: constant(true),
        },
      ],
      call: { operation: 'ListThingGroups' },
      shown: { rows: 'thingGroups', columns: ['groupName', 'groupArn'], paging: 'token' },
    },
    {
      verb: 'add',
      about: 'put a thing into a group',
      example: 'berlin camera-1',
      arguments: [GROUP, THING],
      call: { operation: 'AddThingToThingGroup' },
    },
    {
      verb: 'remove',
      about: 'take a thing out of a group',
      example: 'berlin camera-1',
      arguments: [GROUP, THING],
      call: { operation: 'RemoveThingFromThingGroup' },
    },
    {
      verb: 'things',
      about: 'list the things of a group',
      example: 'europe --recursive',
      arguments: [GROUP],
      options: [
        {
          flags: '--recursive',
          about: 'those of its children, too',
          member: 'recursive',
          read: constant(true),
        },
      ],
      call: { operation: 'ListThingsInThingGroup' },
      shown: { rows: 'things', columns: ['thingName'], paging: 'token' },
    },
  ],
}
