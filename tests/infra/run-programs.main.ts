import { readFileSync, writeFileSync } from 'node:fs'
import type { Job, JobResult } from './program-state.ts'
import { runPrograms } from './run-programs.ts'

/** Runs the jobs of a file one after another; writes the results to another. Arguments: directory, components, jobs, results. */
const [directory = '', components = '', jobsFile = '', resultsFile = ''] = process.argv.slice(2)
Error.stackTraceLimit = 0 // Pulumi takes a stack for each promise it makes: half of the time
const jobs: readonly Job[] = JSON.parse(readFileSync(jobsFile, 'utf8'))
const results: readonly JobResult[] = await runPrograms({ directory, components, jobs })
writeFileSync(resultsFile, JSON.stringify(results))
process.removeAllListeners('exit') // Pulumi's would count what refused programs left undone
process.exit(0)
