import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseRoleAlias, parseThingName } from '@thingpass/core/names'
import type { CommandIo, UsageProblem } from '../command-io.ts'
import { parseDeviceEndpoint } from '../http/parse-origin.ts'
import { readTextFile } from '../read-text-file.ts'
import type { CredentialSource } from './fetch-credentials.ts'

/** What `credential-process` is told. */
export type CredentialOptions = {
  /** `HOST` or `HOST:PORT`. */
  readonly endpoint: string
  readonly roleAlias: string
  readonly thing?: string
  readonly cert: string
  readonly key: string
  readonly ca?: string
  readonly cacheDir?: string
}

/** Where credentials come from, and where they are remembered. */
export type CredentialSettings = {
  readonly source: CredentialSource
  readonly cacheDir: string
  /** Path without ending of the files for this source. */
  readonly cachePath: string
}

/** Reads options and files; nothing of a file gets into a problem. */
export async function readCredentialSettings(
  options: CredentialOptions,
  environment: CommandIo['environment'],
): Promise<CredentialSettings | UsageProblem> {
  const origin = parseDeviceEndpoint(options.endpoint)
  if (origin === undefined) return { problem: '--endpoint takes HOST or HOST:PORT' }
  const roleAlias = parseRoleAlias(options.roleAlias)
  if (roleAlias === undefined) return { problem: '--role-alias takes a role alias' }
  const thingName = options.thing === undefined ? undefined : parseThingName(options.thing)
  if (options.thing !== undefined && thingName === undefined) {
    return { problem: '--thing takes the name of a thing' }
  }
  const tls = await readTlsFiles(options)
  if ('problem' in tls) return tls
  const source = { origin, roleAlias, ...(thingName === undefined ? {} : { thingName }), tls }
  const cacheDir = options.cacheDir ?? usualCacheDir(environment)
  return { source, cacheDir, cachePath: join(cacheDir, cacheNameOf(source)) }
}

/** Certificate, key and trusted CA as files hold them. */
export async function readTlsFiles(
  options: Pick<CredentialOptions, 'cert' | 'key' | 'ca'>,
): Promise<{ readonly cert: string; readonly key: string; readonly ca?: string } | UsageProblem> {
  const cert = await readTextFile(options.cert)
  if ('problem' in cert) return cert
  const key = await readTextFile(options.key)
  if ('problem' in key) return key
  if (options.ca === undefined) return { cert: cert.text, key: key.text }
  const ca = await readTextFile(options.ca)
  return 'problem' in ca ? ca : { cert: cert.text, key: key.text, ca: ca.text }
}

/** Another certificate, alias, thing or endpoint is another memory: nobody gets what was granted to somebody else. */
function cacheNameOf({ origin, roleAlias, thingName, tls }: CredentialSource): string {
  const { hostname, port } = origin
  const parts = [hostname, port, roleAlias, thingName ?? null, tls.cert]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

/** Source: XDG Base Directory Specification 0.8. A relative path in the variable is to be passed over. */
function usualCacheDir({ XDG_CACHE_HOME = '' }: CommandIo['environment']): string {
  const base = XDG_CACHE_HOME.startsWith('/') ? XDG_CACHE_HOME : join(homedir(), '.cache')
  return join(base, 'thingpass')
}
