import { parseArgs } from 'node:util'
import { searchFiles } from './search-output.ts'

const USAGE = 'usage: node tests/secrets/search-output.main.ts FILE…'

/** 0 where nothing was found, 1 where something was, 2 where nothing could be searched. */
function main(): number {
  try {
    const { positionals } = parseArgs({ allowPositionals: true })
    if (positionals.length === 0) throw new TypeError(USAGE)
    const leaks = searchFiles(positionals)
    for (const leak of leaks) process.stdout.write(`SECRET ${leak}\n`)
    process.stdout.write(`${positionals.length} files searched, ${leaks.length} secrets seen\n`)
    return leaks.length > 0 ? 1 : 0
  } catch (thrown) {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : USAGE}\n`)
    return 2
  }
}

process.exitCode = main()
