import type { ApiSubject } from '../api-command.ts'
import { constant, texts } from '../option-readers.ts'

const TYPE = { name: 'type', member: 'thingTypeName' } as const
const PROPERTIES = [
  {
    flags: '--description <text>',
    about: 'what it is',
    member: 'thingTypeProperties.thingTypeDescription',
  },
  {
    flags: '--searchable <key>',
    about: 'searchable attribute; may be repeated',
    member: 'thingTypeProperties.searchableAttributes',
    read: texts,
  },
] as const

/** Thing types. */
export const THING_TYPES: ApiSubject = {
  name: 'thing-types',
  about: 'thing types',
  commands: [
    {
      verb: 'create',
      about: 'create a thing type',
      example: 'camera --description "Looks at things"',
      arguments: [TYPE],
      options: PROPERTIES,
      call: { operation: 'CreateThingType' },
    },
    {
      verb: 'describe',
      about: 'show a thing type',
      example: 'camera',
      arguments: [TYPE],
      call: { operation: 'DescribeThingType' },
    },
    {
      verb: 'deprecate',
      about: 'let no new thing have the type',
      example: 'camera',
      arguments: [TYPE],
      options: [
        {
          flags: '--undo',
          about: 'let new things have it again',
          member: 'undoDeprecate',
          read: constant(true),
        },
      ],
      call: { operation: 'DeprecateThingType' },
    },
    {
      verb: 'delete',
      about: 'delete a thing type, five minutes after it was deprecated',
      example: 'camera',
      arguments: [TYPE],
      call: { operation: 'DeleteThingType' },
    },
    {
      verb: 'list',
      about: 'list thing types',
      example: '--limit 10',
      call: { operation: 'ListThingTypes' },
      shown: {
        rows: 'thingTypes',
        columns: [
          'thingTypeName',
          'thingTypeMetadata.deprecated',
          'thingTypeProperties.thingTypeDescription',
        ],
        paging: 'token',
      },
    },
  ],
}
