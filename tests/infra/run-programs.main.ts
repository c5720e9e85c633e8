import { readFileSync, writeFileSync } from 'node:fs'
import type { Job, JobResult } from './program-state.ts'
import { runPrograms } from './run-programs.ts'

/** Runs the jobs of a file one after another; writes the results to another. Arguments: directory, components, jobs, results. */
const [directory = '', components = '', jobsFile = '', resultsFile = ''] = process.argv.slice(2)
const jobs: readonly Job[] = JSON.parse(readFileSync(jobsFile, 'utf8'))
const results: readonly JobResult[] = await runPrograms({ directory, components, jobs })
writeFileSync(resultsFile, JSON.stringify(results))
process.exit(0)
