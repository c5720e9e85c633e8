#!/usr/bin/env node
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// The command is TypeScript, which Node runs as it is from 22.18 on; an older Node hands over to the one of the lockfile.
const program = join(dirname(fileURLToPath(import.meta.url)), '..', 'src', 'thingpass.main.ts')
const [major, minor] = process.versions.node.split('.').map(Number)
const runsTypeScript = major > 22 || (major === 22 && minor >= 18)

if (runsTypeScript) {
  await import(program)
} else {
  const platform = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const own = createRequire(import.meta.url).resolve(`${platform}/package.json`)
  const node = join(dirname(own), 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  const { status } = spawnSync(node, [program, ...process.argv.slice(2)], { stdio: 'inherit' })
  process.exitCode = status ?? 1
}
