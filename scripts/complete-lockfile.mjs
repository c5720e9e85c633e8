/**
 * Adds to package-lock.json the optional platform packages that the registry in use does not serve, so that `npm ci`
 * finds package.json and lockfile in step on any registry. Such an entry has no integrity; npm fetches it by name and
 * version on the one platform that needs it. `npm run lock` calls this after `npm install`; a folder as argument names
 * another package than the root.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const LOCKFILE = join(process.argv[2] ?? '.', 'package-lock.json')
const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]
const PROCESSORS = [
  'arm64',
  'arm',
  'x64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
]
const LIBC = { musl: 'musl', gnu: 'glibc' }

/** What a platform package's name says of itself, or undefined where it names no platform. */
function platformOf(name) {
  const words = name.split(/[-/]/)
  const os = SYSTEMS.find((system) => words.includes(system))
  const cpu = PROCESSORS.find((processor) => words.includes(processor))
  if (os === undefined || cpu === undefined) return undefined
  const libc = Object.keys(LIBC).find((word) => words.includes(word))
  return { os: [os], cpu: [cpu], ...(libc === undefined ? {} : { libc: [LIBC[libc]] }) }
}

const lock = JSON.parse(readFileSync(LOCKFILE, 'utf8'))
let added = 0

for (const parent of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`
    const platform = platformOf(name)
    const exact = /^\d+\.\d+\.\d+/.test(version)
    if (lock.packages[place] !== undefined || platform === undefined || !exact) continue
    const dev = parent.dev === true ? { dev: true } : {}
    lock.packages[place] = { version, ...dev, license: parent.license, optional: true, ...platform }
    added += 1
  }
}

const byName = ([left], [right]) => (left < right ? -1 : 1)
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(byName))
writeFileSync(LOCKFILE, `${JSON.stringify(lock, null, 2)}\n`)
process.stdout.write(`${added} platform packages added to ${LOCKFILE}\n`)
