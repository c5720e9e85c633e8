import { DescribeRoleAliasCommand, ListRoleAliasesCommand } from '@aws-sdk/client-iot'
import { type EntryPage, listAll, type ReadCollection } from './fleet-reader.ts'
import type { FleetRecord, SessionSettings } from './fleet-record.ts'
import { type IotSource, needed, PAGE_SIZE, withValues } from './iot-source.ts'
import { readTags } from './read-tags.ts'

/** Reads the session settings of a role alias; only this service has them. */
export type ReadProfile = (roleAlias: string) => Promise<SessionSettings>

/** Reads role aliases, with their session settings where there is a way to read them. */
export function readRoleAliases(source: IotSource, readProfile?: ReadProfile): ReadCollection {
  return async function* (cursor) {
    const list = (marker: string | undefined) => listRoleAliases(source, marker)
    for await (const { items, next } of listAll(list, cursor)) {
      const entries = items.map((key) => ({
        key,
        load: async () => {
          const alias = await readRoleAlias(source, key)
          return readProfile === undefined ? alias : { ...alias, profile: await readProfile(key) }
        },
      }))
      yield withValues({ entries, next }) as EntryPage
    }
  }
}

/** The names of one page of role aliases. */
export async function listRoleAliases({ client, call }: IotSource, marker: string | undefined) {
  const command = new ListRoleAliasesCommand({ marker, pageSize: PAGE_SIZE })
  const { roleAliases = [], nextMarker } = await call(() => client.send(command))
  return { items: roleAliases, next: nextMarker }
}

async function readRoleAlias(source: IotSource, name: string) {
  const { client, call } = source
  const command = new DescribeRoleAliasCommand({ roleAlias: name })
  const { roleAliasDescription } = await call(() => client.send(command))
  const { roleArn, roleAliasArn, credentialDurationSeconds } = roleAliasDescription ?? {}
  return {
    kind: 'role-alias',
    name,
    roleArn: needed(roleArn, 'roleArn'),
    durationSeconds: needed(credentialDurationSeconds, 'credentialDurationSeconds'),
    tags: await readTags(source, needed(roleAliasArn, 'roleAliasArn')),
  } satisfies FleetRecord
}
