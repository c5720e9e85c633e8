import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { bundleComponents, bundleConfiguration } from './bundle-program.ts'
import { outputOf } from './child-output.ts'
import { materialisePlatform, ROOT } from './materialise-platform.ts'
import type { Job, JobResult } from './program-state.ts'

/** A program to run: a stage, of this checkout or of a copy. */
export type Program = { readonly id: string; readonly stage: string; readonly root?: string }

/** Processes that share the programs: more would be in each other's way. */
const PROCESSES = 2

/** Runs programs under stand-ins, in processes of their own; results in any order. */
export async function runOffline(programs: readonly Program[]): Promise<readonly JobResult[]> {
  await materialisePlatform()
  const directory = mkdtempSync(path.join(ROOT, '.sst/offline-')) // in the checkout, so that what is external resolves
  try {
    const components = await bundleComponents(directory)
    const jobs = await Promise.all(
      programs.map(async ({ id, stage, root = ROOT }, index): Promise<Job> => {
        const configuration = path.join(directory, `${index}.mjs`)
        return {
          id,
          stage,
          root: ROOT,
          configuration: await bundleConfiguration(root, configuration),
        }
      }),
    )
    const parts = Array.from({ length: PROCESSES }, (_, part) =>
      jobs.filter((_job, index) => index % PROCESSES === part),
    )
    const busy = parts.filter((part) => part.length > 0)
    const results = await Promise.all(
      busy.map((part, index) => runPart(path.join(directory, `part-${index}`), components, part)),
    )
    return results.flat()
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function runPart(
  directory: string,
  components: string,
  jobs: readonly Job[],
): Promise<readonly JobResult[]> {
  mkdirSync(directory)
  const jobsFile = path.join(directory, 'jobs.json')
  const resultsFile = path.join(directory, 'results.json')
  writeFileSync(jobsFile, JSON.stringify(jobs))
  const program = path.join(import.meta.dirname, 'run-programs.main.ts')
  const child = spawn(
    process.execPath,
    ['--no-warnings', program, directory, components, jobsFile, resultsFile],
    { stdio: ['ignore', 'pipe', 'pipe'], cwd: directory },
  )
  const { code, text } = await outputOf(child)
  if (code !== 0) throw new Error(`the programs' process ended with ${code}:\n${text}`)
  return JSON.parse(readFileSync(resultsFile, 'utf8'))
}
