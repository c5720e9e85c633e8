import { parseRoleAlias } from '@thingpass/core/names'
import { listAll } from '../api/list-all.ts'
import { memberAt } from '../api/resource-reference.ts'
import type { SendApi } from '../api/send-api.ts'

/** Where a device asks for credentials, as far as that could be found out. */
export type CredentialsEndpoint = {
  /** `host` or `host:port`. */
  readonly host?: string
  /** A role alias that lets the device in as it is now. */
  readonly roleAlias?: string
}

/** Role aliases that are tried; a fleet with more of them knows which one it means. */
const MOST_ALIASES = 50

/**
 * Finds out where a device asks for credentials, and for which role alias: the first that would be granted to it now. What
 * cannot be found out is left out: the device is registered all the same.
 */
export async function findCredentialsEndpoint(
  device: { readonly thingName: string; readonly certificateId: string },
  send: SendApi,
): Promise<CredentialsEndpoint> {
  const host = await findHost(send)
  const roleAlias = await findRoleAlias(device, send)
  return {
    ...(host !== undefined && { host }),
    ...(roleAlias !== undefined && { roleAlias }),
  }
}

/** What an answer must be made of to be put into a line for a shell. */
const HOST = /^[\w.:[\]-]+$/

async function findHost(send: SendApi): Promise<string | undefined> {
  const input = { endpointType: 'iot:CredentialProvider' }
  const answer = await send({ operation: 'DescribeEndpoint', input })
  const host = 'json' in answer ? memberAt(answer.json, 'endpointAddress') : undefined
  return typeof host === 'string' && HOST.test(host) ? host : undefined
}

async function findRoleAlias(
  { thingName, certificateId }: { readonly thingName: string; readonly certificateId: string },
  send: SendApi,
): Promise<string | undefined> {
  for (const roleAlias of await listRoleAliases(send)) {
    const body = { certificateId, thingName, roleAlias }
    const answer = await send({ method: 'POST', path: '/thingpass/explain', body })
    if (!('json' in answer)) return undefined
    if (memberAt(answer.json, 'decision') === 'allow') return roleAlias
  }
  return undefined
}

async function listRoleAliases(send: SendApi): Promise<readonly string[]> {
  const answer = await listAll(
    {
      call: { operation: 'ListRoleAliases' },
      input: {},
      rows: 'roleAliases',
      paging: 'marker',
      limit: MOST_ALIASES,
    },
    send,
  )
  const names = 'json' in answer ? memberAt(answer.json, 'roleAliases') : []
  return (Array.isArray(names) ? names : []).flatMap((name: unknown) => parseRoleAlias(name) ?? [])
}
