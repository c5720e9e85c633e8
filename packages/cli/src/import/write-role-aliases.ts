import { isDeepStrictEqual } from 'node:util'
import {
  CreateRoleAliasCommand,
  DeleteRoleAliasCommand,
  DescribeRoleAliasCommand,
} from '@aws-sdk/client-iot'
import { DEFAULT_SESSION_PROFILE } from '@thingpass/core/records'
import { type OpenDestination, tagList, type Written } from './destination.ts'
import { gather } from './fleet-reader.ts'
import type { RecordOf, SessionSettings } from './fleet-record.ts'
import type { IotSource } from './iot-source.ts'
import { listRoleAliases, type ReadProfile } from './read-role-aliases.ts'

/** Session settings of the role aliases here. */
export type Profiles = {
  readonly read: ReadProfile
  readonly write: (roleAlias: string, profile: SessionSettings) => Promise<void>
}

/** Writes role aliases with their session settings. The role itself is its owner's affair. */
export function openRoleAliases(target: IotSource, profiles: Profiles): OpenDestination {
  return async () => {
    const known = new Set(await gather((marker) => listRoleAliases(target, marker)))
    return {
      known,
      write: async (record): Promise<Written> => {
        const alias = record as RecordOf<'role-alias'>
        if (known.has(alias.name)) return complete(target, alias, profiles)
        await create(target, alias)
        await profileOrNothing(target, alias, profiles)
        return 'created'
      },
    }
  }
}

function create({ client, call }: IotSource, alias: RecordOf<'role-alias'>) {
  const command = new CreateRoleAliasCommand({
    roleAlias: alias.name,
    roleArn: alias.roleArn,
    credentialDurationSeconds: alias.durationSeconds,
    tags: tagList(alias.tags),
  })
  return call(() => client.send(command))
}

/** An alias without its settings could give more than it should, so it is taken away again. */
async function profileOrNothing(
  { client, call }: IotSource,
  { name, profile }: RecordOf<'role-alias'>,
  { write }: Profiles,
): Promise<void> {
  if (profile === undefined) return
  try {
    await write(name, withoutWideScope(profile))
  } catch (thrown) {
    await call(() => client.send(new DeleteRoleAliasCommand({ roleAlias: name })))
    throw thrown
  }
}

/** Gives an alias that an earlier run left without settings those that it shall have; what somebody chose here is not changed. */
async function complete(
  { client, call }: IotSource,
  { name, roleArn, durationSeconds, profile }: RecordOf<'role-alias'>,
  profiles: Profiles,
): Promise<Written> {
  const command = new DescribeRoleAliasCommand({ roleAlias: name })
  const { roleAliasDescription: there } = await call(() => client.send(command))
  if (there?.roleArn !== roleArn || there.credentialDurationSeconds !== durationSeconds) {
    throw new Error('a role alias of this name has another role or duration here')
  }
  const settings = profile === undefined ? undefined : await profiles.read(name)
  if (isDeepStrictEqual(settings, profile)) return 'already'
  if (profile === undefined || !isDeepStrictEqual(settings, UNTOUCHED)) {
    throw new Error('a role alias of this name has other session settings here')
  }
  await profiles.write(name, withoutWideScope(profile))
  return 'already'
}

const UNTOUCHED: SessionSettings = { ...DEFAULT_SESSION_PROFILE, tags: {} }

/** Scope `role` is what an alias begins with; asking for it would widen one that was made anew under a limited name. */
function withoutWideScope({ scope, ...profile }: SessionSettings): SessionSettings {
  return scope === 'role' ? profile : { ...profile, scope }
}
