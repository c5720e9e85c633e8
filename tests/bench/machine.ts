import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, loadavg, release, totalmem, type } from 'node:os'

const GIGABYTE = 2 ** 30
const PACKAGES = [
  '@aws-sdk/client-dynamodb',
  '@aws-sdk/client-sts',
  'esbuild',
  '@dynoxide/linux-x64',
]

/** How busy the machine is without the bench: processes that ran or waited to, mean of the last minute. */
export function readLoad(): number {
  return loadavg()[0] ?? Number.NaN
}

/** Lines that say on what and with what something was measured. `load` is that of the minute before. */
export function describeMachine(now: Date, load: number): readonly string[] {
  const processors = cpus()
  const memory = Math.round(totalmem() / GIGABYTE)
  return [
    `Date: ${now.toISOString().slice(0, 10)}, commit ${commit()}.`,
    `Machine: ${processors.length} × ${processors[0]?.model ?? 'unknown'}, ${memory} GB, ${type()} ${release()}; load before the run ${load.toFixed(1)}.`,
    `Versions: Node ${process.versions.node}, ${PACKAGES.map(versionOf).join(', ')}.`,
  ]
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}

/** Read beside the package's entry: most packages do not export their package.json. */
function versionOf(name: string): string {
  const paths = createRequire(import.meta.url).resolve.paths(name) ?? []
  for (const path of paths) {
    try {
      return `${name} ${JSON.parse(readFileSync(`${path}/${name}/package.json`, 'utf8')).version}`
    } catch {
      // further up
    }
  }
  return `${name} not installed`
}
