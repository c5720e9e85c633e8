import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Endpoint, LoadSettings } from './command-line.ts'
import { openFleetDirectory } from './fleet/fleet-directory.ts'
import { keepFleet } from './fleet/keep-fleet.ts'

/**
 * Makes a fleet at an endpoint that was there, and leaves it at that: before its devices are served, its owner has to let the
 * role trust the new tenants, and the front door has to learn of their CAs.
 */
export async function makeRemoteFleet(
  settings: LoadSettings & { readonly fleetDirectory: string },
  { control, serverCaFile }: Pick<Endpoint, 'serverCaFile'> & Required<Pick<Endpoint, 'control'>>,
  io: { readonly environment: Readonly<NodeJS.ProcessEnv>; readonly say: (line: string) => void },
): Promise<void> {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = io.environment
  if (AWS_ACCESS_KEY_ID === undefined || AWS_SECRET_ACCESS_KEY === undefined) {
    throw new Error('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY say who makes the fleet')
  }
  const keys = {
    ...{ accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
    ...(AWS_SESSION_TOKEN !== undefined && { sessionToken: AWS_SESSION_TOKEN }),
  }
  const directory = resolve(settings.fleetDirectory)
  await openFleetDirectory(directory)
  const place = {
    control: { url: control.url, region: control.region, keys },
    roleArn: control.roleArn,
    trustTenant: async (tenantId: string, externalId: string) =>
      io.say(
        `${control.roleArn} has to trust the broker with external id ${externalId} (tenant ${tenantId})`,
      ),
    ...(serverCaFile !== undefined && { serverCaPem: await readFile(serverCaFile, 'utf8') }),
  }
  await keepFleet(directory, { ...settings, place }, io.say)
  io.say(`the fleet is kept in ${directory}: run again without --control to load`)
}
