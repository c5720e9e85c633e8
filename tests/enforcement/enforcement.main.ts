import { join, resolve } from 'node:path'
// biome-ignore lint/suspicious/noDeprecatedImports: only its overload with a mode is deprecated
import { startVitest } from 'vitest/node'
import { findPrograms, INSTALL_COMMAND } from './programs.ts'

const CANNOT_RUN = 2

const search = findPrograms(process.env.PATH ?? '')
if (search.complete) {
  // Sets the exit code itself. Arguments choose among the files, as with `vitest run`.
  const vitest = await startVitest(process.argv.slice(2), {
    config: false,
    root: resolve(import.meta.dirname, '../..'),
    include: ['tests/enforcement/*.enforcement.ts'],
    globalSetup: [join(import.meta.dirname, 'ceph.setup.ts')],
    watch: false,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  })
  await vitest.close()
} else {
  process.stderr.write(
    `test:enforcement needs Ceph's object gateway (missing: ${search.missing.join(', ')}); as root: ${INSTALL_COMMAND}\n`,
  )
  process.exitCode = CANNOT_RUN
}
