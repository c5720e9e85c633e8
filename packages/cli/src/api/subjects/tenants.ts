import type { ApiCommand, ApiSubject } from '../api-command.ts'
import {
  constant,
  fileText,
  numberFromZero,
  oneOf,
  textsOrNone,
  trueOrFalse,
  wholeNumber,
} from '../option-readers.ts'

const ALL = '/thingpass/tenants'
const ONE = '/thingpass/tenants/{tenant}'
const TENANT = { name: 'tenant', member: 'tenant' } as const
const STATUS = {
  flags: '--status <word>',
  about: 'ENABLED or DISABLED: none of its devices is served',
  member: 'status',
  read: oneOf('ENABLED', 'DISABLED'),
} as const
const SETTINGS: NonNullable<ApiCommand['options']> = [
  STATUS,
  {
    flags: '--role-arn-pattern <arn>',
    about: 'roles that its aliases may name; may be repeated',
    member: 'roleArnPatterns',
    read: textsOrNone,
  },
  {
    flags: '--api-arn-pattern <arn>',
    about: 'APIs that its devices may be let into; may be repeated',
    member: 'apiArnPatterns',
    read: textsOrNone,
  },
  {
    flags: '--session-tag-key <key>',
    about: 'session tag that its profiles may add; may be repeated',
    member: 'sessionTagKeys',
    read: textsOrNone,
  },
  {
    flags: '--certificates-without-ca <word>',
    about: 'true or false',
    member: 'certificatesWithoutCa',
    read: trueOrFalse,
  },
  {
    flags: '--rate <number>',
    about: 'credential requests per second',
    member: 'rateLimit.perSecond',
    read: numberFromZero,
  },
  {
    flags: '--burst <number>',
    about: 'and how many at one time',
    member: 'rateLimit.burst',
    read: wholeNumber,
  },
  {
    flags: '--default-thing <word>',
    about: 'never or exclusive: which thing counts where a device names none',
    member: 'defaultThing',
    read: oneOf('never', 'exclusive'),
  },
  {
    flags: '--inactive-ca-refuses-devices <word>',
    about: 'true or false',
    member: 'inactiveCaRefusesDevices',
    read: trueOrFalse,
  },
  {
    flags: '--revocation-list-required <word>',
    about: 'true or false: whether every CA must have a revocation list',
    member: 'revocationListRequired',
    read: trueOrFalse,
  },
  {
    flags: '--authorizer-requires-thing <word>',
    about: 'true or false',
    member: 'authorizerRequiresThing',
    read: trueOrFalse,
  },
]

/** Tenants: the administrator's. */
export const TENANTS: ApiSubject = {
  name: 'tenants',
  about: 'tenants of the deployment, for its administrator',
  commands: [
    {
      verb: 'create',
      about: 'create a tenant; what is not named is off',
      example: "beta --role-arn-pattern 'arn:aws:iam::123456789012:role/beta-*'",
      arguments: [{ name: 'tenant', member: 'tenantId' }],
      options: SETTINGS,
      call: { method: 'POST', path: ALL },
    },
    {
      verb: 'describe',
      about: 'show a tenant',
      example: 'acme',
      arguments: [TENANT],
      call: { method: 'GET', path: ONE },
    },
    {
      verb: 'update',
      about: 'change a tenant; what is not named stays, and an empty value empties a list',
      example: 'acme --status DISABLED',
      arguments: [TENANT],
      options: [
        ...SETTINGS,
        {
          flags: '--unlimited',
          about: 'as many credential requests as there are',
          member: 'rateLimit',
          read: constant(undefined),
        },
      ],
      changes: {
        read: { method: 'GET', path: ONE },
        without: ['tenantId', 'externalId', 'creationDate', 'lastModifiedDate'],
      },
      call: { method: 'PUT', path: ONE },
    },
    {
      verb: 'delete',
      about: 'delete a tenant that has nothing left',
      example: 'beta',
      arguments: [TENANT],
      call: { method: 'DELETE', path: ONE },
    },
    {
      verb: 'list',
      about: 'list tenants',
      example: '--json',
      call: { method: 'GET', path: ALL, query: ['maxResults', 'nextToken'] },
      shown: { rows: 'tenants', columns: ['tenantId', 'status'], paging: 'token' },
    },
    {
      verb: 'register-ca',
      about: 'register a CA for a tenant, without proof that its key is held',
      example: 'acme --pem ca.pem --active',
      arguments: [TENANT],
      options: [
        {
          flags: '--pem <file>',
          about: "the CA's certificate, PEM",
          member: 'caCertificate',
          read: fileText,
          required: true,
        },
        {
          flags: '--active',
          about: 'certificates may be registered at once',
          member: 'setAsActive',
          read: constant(true),
        },
      ],
      call: { method: 'POST', path: `${ONE}/cacertificate`, query: ['setAsActive'] },
    },
  ],
}
