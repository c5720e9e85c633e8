import type { ApiSubject } from '../api-command.ts'
import { constant, pairs, wholeNumber } from '../option-readers.ts'
import { reference } from '../resource-reference.ts'

const THING = { name: 'thing', member: 'thingName' } as const
const TYPE = { flags: '--type <name>', about: 'thing type', member: 'thingTypeName' } as const
const ATTRIBUTE = {
  flags: '--attr <key=value>',
  about: 'attribute; may be repeated',
  member: 'attributePayload.attributes',
  read: pairs,
} as const
const PRINCIPAL = {
  flags: '--principal <arn|id>',
  about: 'certificate: its ARN or id',
  member: 'principal',
  read: reference,
  required: true,
} as const
const EXPECTED_VERSION = {
  flags: '--expected-version <number>',
  about: 'refuse where the thing has changed since',
  member: 'expectedVersion',
  read: wholeNumber,
} as const

/** Things. */
export const THINGS: ApiSubject = {
  name: 'things',
  about: 'things and the certificates that are attached to them',
  commands: [
    {
      verb: 'create',
      about: 'create a thing',
      example: 'camera-9 --type camera --attr site=berlin',
      arguments: [THING],
      options: [TYPE, ATTRIBUTE],
      call: { operation: 'CreateThing' },
    },
    {
      verb: 'describe',
      about: 'show a thing',
      example: 'camera-1',
      arguments: [THING],
      call: { operation: 'DescribeThing' },
    },
    {
      verb: 'update',
      about: 'change the type or the attributes of a thing',
      example: 'camera-1 --attr site=lyon --merge',
      arguments: [THING],
      options: [
        TYPE,
        {
          flags: '--remove-type',
          about: 'take the type away',
          member: 'removeThingType',
          read: constant(true),
        },
        { ...ATTRIBUTE, about: 'attribute; may be repeated; an empty value removes it' },
        {
          flags: '--merge',
          about: 'keep the attributes that are not named',
          member: 'attributePayload.merge',
          read: constant(true),
        },
        EXPECTED_VERSION,
      ],
      call: { operation: 'UpdateThing' },
    },
    {
      verb: 'delete',
      about: 'delete a thing that nothing is attached to',
      example: 'camera-9',
      arguments: [THING],
      options: [EXPECTED_VERSION],
      call: { operation: 'DeleteThing' },
    },
    {
      verb: 'list',
      about: 'list things',
      example: '--type camera',
      options: [
        TYPE,
        { flags: '--attr-name <key>', about: 'only with this attribute', member: 'attributeName' },
        { flags: '--attr-value <value>', about: 'and this value', member: 'attributeValue' },
        {
          flags: '--prefix',
          about: 'the value is only how it begins',
          member: 'usePrefixAttributeValue',
          read: constant(true),
        },
      ],
      call: { operation: 'ListThings' },
      shown: {
        rows: 'things',
        columns: ['thingName', 'thingTypeName', 'version', 'attributes'],
        paging: 'token',
      },
    },
    {
      verb: 'attach',
      about: 'attach a certificate to a thing',
      example: 'camera-1 --principal cert/<id> --exclusive',
      arguments: [THING],
      options: [
        PRINCIPAL,
        {
          flags: '--exclusive',
          about: 'the certificate may have no other thing',
          member: 'thingPrincipalType',
          read: constant('EXCLUSIVE_THING'),
        },
      ],
      call: { operation: 'AttachThingPrincipal' },
    },
    {
      verb: 'detach',
      about: 'detach a certificate from a thing',
      example: 'camera-1 --principal cert/<id>',
      arguments: [THING],
      options: [PRINCIPAL],
      call: { operation: 'DetachThingPrincipal' },
    },
    {
      verb: 'principals',
      about: 'list what is attached to a thing',
      example: 'camera-1',
      arguments: [THING],
      call: { operation: 'ListThingPrincipalsV2' },
      shown: {
        rows: 'thingPrincipalObjects',
        columns: ['principal', 'thingPrincipalType'],
        paging: 'token',
      },
    },
    {
      verb: 'groups',
      about: 'list the groups that a thing is in',
      example: 'camera-1',
      arguments: [THING],
      call: { operation: 'ListThingGroupsForThing' },
      shown: { rows: 'thingGroups', columns: ['groupName', 'groupArn'], paging: 'token' },
    },
  ],
}
