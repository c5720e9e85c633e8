import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { outputOf } from './child-output.ts'
import { portOf } from './port-of.ts'

/** The repository. */
export const ROOT = path.resolve(import.meta.dirname, '../..')
/** SST's components and types, as its command unpacks them. */
export const PLATFORM = path.join(ROOT, '.sst/platform')
/** Which providers the program may use, by the name it has for each. */
export const PROVIDER_LOCK = path.join(ROOT, '.sst/provider-lock.json')

const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8'))
const versionOf = (directory: string): string | undefined => {
  const stamp = path.join(directory, 'version')
  return existsSync(stamp) ? readFileSync(stamp, 'utf8').trim() : undefined
}

/**
 * Unpacks SST's platform below `.sst` from the npm package alone, unless the installed version is there. Nothing is fetched: the command's downloads
 * are switched off, and what it asks the registry is answered from node_modules. It happens in a folder of its own and then moves in whole,
 * so that two runs at once do not meet. No `node_modules` is left inside: the real command would take it for a finished install.
 */
export async function materialisePlatform(): Promise<void> {
  const wanted: string = readJson(path.join(ROOT, 'node_modules/sst/package.json')).version
  if (versionOf(PLATFORM) === wanted && existsSync(PROVIDER_LOCK)) return
  mkdirSync(path.join(ROOT, '.sst'), { recursive: true })
  const scratch = mkdtempSync(path.join(ROOT, '.sst/unpacking-'))
  try {
    cpSync(path.join(ROOT, 'sst.config.ts'), path.join(scratch, 'sst.config.ts'))
    cpSync(path.join(ROOT, 'infra'), path.join(scratch, 'infra'), { recursive: true })
    await runInstall(scratch)
    const unpacked = path.join(scratch, '.sst')
    rmSync(path.join(unpacked, 'platform/node_modules'), { recursive: true, force: true })
    renameSync(path.join(unpacked, 'provider-lock.json'), PROVIDER_LOCK)
    if (versionOf(PLATFORM) !== wanted) rmSync(PLATFORM, { recursive: true, force: true })
    moveUnlessThere(path.join(unpacked, 'platform'), wanted)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Another run may have been first, up to the last moment. */
function moveUnlessThere(unpacked: string, wanted: string): void {
  if (versionOf(PLATFORM) === wanted) return
  try {
    renameSync(unpacked, PLATFORM)
  } catch (error) {
    if (versionOf(PLATFORM) !== wanted) throw error
  }
}

async function runInstall(directory: string): Promise<void> {
  const registry = await startRegistryStandIn()
  try {
    const command = path.join(ROOT, 'node_modules/sst/bin/sst.mjs')
    const child = spawn(process.execPath, [command, 'install', '--stage', 'offline'], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        SST_SKIP_DEPENDENCY_CHECK: '1', // no download of Pulumi
        SST_TELEMETRY_DISABLED: '1',
        SST_BUN_PATH: 'true', // the nested install runs `true`
        NPM_REGISTRY: `http://127.0.0.1:${portOf(registry)}`,
        THINGPASS_OFFLINE: '1',
      },
    })
    const { code, text } = await outputOf(child)
    if (code !== 0) throw new Error(`sst install ended with ${code}:\n${text}`)
  } finally {
    registry.close()
  }
}

/** Answers which version of a package there is: the installed one. */
async function startRegistryStandIn() {
  const server = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? '').slice(1)).replace(
      /^((?:@[^/]+\/)?[^/]+).*$/,
      '$1',
    )
    const manifest = path.join(ROOT, 'node_modules', name, 'package.json')
    const known = /^(?:@[\w.-]+\/)?[\w.-]+$/.test(name) && existsSync(manifest)
    response.statusCode = known ? 200 : 404
    response.end(known ? readFileSync(manifest) : '{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}
