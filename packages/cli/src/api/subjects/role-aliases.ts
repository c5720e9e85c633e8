import type { ApiSubject } from '../api-command.ts'
import { fileJson, wholeNumber } from '../option-readers.ts'

const ALIAS = { name: 'alias', member: 'roleAlias' } as const
const ROLE = { flags: '--role-arn <arn>', about: 'role that it stands for', member: 'roleArn' }
const DURATION = {
  flags: '--duration <seconds>',
  about: 'how long credentials last: 900 to 43200',
  member: 'credentialDurationSeconds',
  read: wholeNumber,
} as const
const SESSION_PROFILE = '/thingpass/role-aliases/{roleAlias}/session-profile'

/** Role aliases and their session profiles. */
export const ROLE_ALIASES: ApiSubject = {
  name: 'role-aliases',
  about: 'role aliases and their session profiles',
  commands: [
    {
      verb: 'create',
      about: 'create a role alias',
      example: 'camera --role-arn arn:aws:iam::123456789012:role/camera --duration 3600',
      arguments: [ALIAS],
      options: [{ ...ROLE, required: true }, DURATION],
      call: { operation: 'CreateRoleAlias' },
    },
    {
      verb: 'describe',
      about: 'show a role alias',
      example: 'demo-camera',
      arguments: [ALIAS],
      call: { operation: 'DescribeRoleAlias' },
      shown: { within: 'roleAliasDescription' },
    },
    {
      verb: 'update',
      about: 'change the role or the duration',
      example: 'demo-camera --duration 900',
      arguments: [ALIAS],
      options: [ROLE, DURATION],
      call: { operation: 'UpdateRoleAlias' },
    },
    {
      verb: 'delete',
      about: 'delete a role alias without policies',
      example: 'camera',
      arguments: [ALIAS],
      call: { operation: 'DeleteRoleAlias' },
    },
    {
      verb: 'list',
      about: 'list role aliases',
      example: '',
      call: { operation: 'ListRoleAliases' },
      shown: { rows: 'roleAliases', columns: ['roleAlias'], paging: 'marker' },
    },
    {
      verb: 'session-profile get',
      about: 'show the session settings of a role alias',
      example: 'demo-camera --json',
      arguments: [ALIAS],
      call: { method: 'GET', path: SESSION_PROFILE },
    },
    {
      verb: 'session-profile put',
      about: 'write the session settings of a role alias, as `get --json` shows them',
      example: 'demo-camera --file profile.json',
      arguments: [ALIAS],
      options: [
        {
          flags: '--file <file>',
          about: 'the whole profile, JSON; what it leaves out is as usual, but for the scope',
          member: 'profile',
          read: fileJson,
          required: true,
        },
      ],
      call: { method: 'PUT', path: SESSION_PROFILE, body: 'profile' },
    },
    {
      verb: 'session-profile delete',
      about: 'take the session settings of a role alias away, but for the scope',
      example: 'demo-camera',
      arguments: [ALIAS],
      call: { method: 'DELETE', path: SESSION_PROFILE },
    },
  ],
}
