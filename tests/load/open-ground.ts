import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { LoadSettings } from './command-line.ts'
import { FLEET_FILES, openFleetDirectory } from './fleet/fleet-directory.ts'
import { type FleetPlace, keepFleet } from './fleet/keep-fleet.ts'
import type { Ground } from './observe-scenario.ts'
import type { LoadIo } from './run-load.ts'
import { createLocalServer, type LocalServer } from './stack/local-server.ts'
import { createTrustTenant, LOCAL_ROLE_ARN } from './stack/trust-tenant.ts'

/** Ground that is left again. */
export type OpenGround = Ground & {
  /** Stops what was started, keeps the stack's log where it said something, and deletes the fleet unless it is to be kept. */
  readonly close: (outDirectory: string) => Promise<void>
}

/** Gets a fleet and somewhere to send it to: an endpoint that is there, or a local stack of the run's own. */
export async function openGround(settings: LoadSettings, io: LoadIo): Promise<OpenGround> {
  const directory = await openDirectory(settings)
  const workDirectory = await mkdtemp(join(tmpdir(), 'thingpass-load-run-'))
  const server =
    settings.endpoint === undefined
      ? await createLocalServer(join(directory.path, FLEET_FILES.stackData), workDirectory)
      : undefined
  const close = async (outDirectory: string) => {
    await server?.stop()
    await keepLog(server, outDirectory)
    await rm(workDirectory, { recursive: true, force: true })
    if (directory.isOurs && !settings.keepFleet) {
      await rm(directory.path, { recursive: true, force: true })
    } else io.say(`the fleet is kept in ${directory.path}`)
  }
  try {
    await server?.start()
    await openFleetDirectory(directory.path)
    const place = server === undefined ? undefined : await localPlace(server)
    const fleet = await keepFleet(directory.path, { ...settings, ...(place && { place }) }, io.say)
    return {
      ...{ load: settings, fleet, workDirectory, signal: io.signal, close },
      fleetFile: join(directory.path, FLEET_FILES.fleet),
      url: server?.url ?? settings.endpoint?.url.origin ?? '',
      ...(server !== undefined && { server }),
      isElsewhere: settings.endpoint !== undefined && !settings.endpoint.isLocal,
    }
  } catch (thrown) {
    await close(settings.outDirectory)
    throw thrown
  }
}

/** A directory that somebody named is deleted only where this run has made it. */
async function openDirectory({
  fleetDirectory,
}: LoadSettings): Promise<{ readonly path: string; readonly isOurs: boolean }> {
  if (fleetDirectory === undefined) {
    const path = await mkdtemp(join(tmpdir(), 'thingpass-load-fleet-'))
    return { path, isOurs: true }
  }
  const path = resolve(fleetDirectory)
  const made = await mkdir(path, { recursive: true, mode: 0o700 })
  return { path, isOurs: made !== undefined }
}

async function keepLog(server: LocalServer | undefined, outDirectory: string): Promise<void> {
  const said = server === undefined ? '' : await readFile(server.logFile, 'utf8').catch(() => '')
  if (server === undefined || said === '') return
  await mkdir(resolve(outDirectory), { recursive: true })
  await copyFile(server.logFile, join(resolve(outDirectory), 'stack.log'))
}

async function localPlace(server: LocalServer): Promise<FleetPlace> {
  const keys = await server.operatorKeys()
  return {
    control: { url: new URL(server.controlUrl), region: 'us-east-1', keys },
    roleArn: LOCAL_ROLE_ARN,
    trustTenant: createTrustTenant(server.dataDir),
    serverCaPem: await server.serverCaPem(),
  }
}
