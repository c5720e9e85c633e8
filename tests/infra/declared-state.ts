import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { bundleComponents, bundleConfiguration } from './bundle-program.ts'
import { outputOf } from './child-output.ts'
import { materialisePlatform, ROOT } from './materialise-platform.ts'
import type { Job, JobResult } from './program-state.ts'

/** A program to run: a stage, of this checkout or of a copy. */
export type Program = { readonly id: string; readonly stage: string; readonly root?: string }

/** Runs programs under stand-ins, in one process of its own; results in the programs' order. */
export async function runOffline(programs: readonly Program[]): Promise<readonly JobResult[]> {
  await materialisePlatform()
  // Below the checkout, so that what is external resolves; removed whole.
  const directory = mkdtempSync(path.join(ROOT, '.sst/offline-'))
  try {
    const components = await bundleComponents(directory)
    const jobs: Job[] = await Promise.all(
      programs.map(async ({ id, stage, root = ROOT }, index) => ({
        id,
        stage,
        root: ROOT,
        configuration: await bundleConfiguration(root, path.join(directory, `${index}.mjs`)),
      })),
    )
    const [jobsFile, resultsFile] = ['jobs.json', 'results.json'].map((name) =>
      path.join(directory, name),
    )
    writeFileSync(String(jobsFile), JSON.stringify(jobs))
    const child = spawn(
      process.execPath,
      [
        '--no-warnings',
        '--enable-source-maps',
        path.join(import.meta.dirname, 'run-programs.main.ts'),
        directory,
        components,
        String(jobsFile),
        String(resultsFile),
      ],
      { stdio: ['ignore', 'pipe', 'pipe'], cwd: directory },
    )
    const { code, text } = await outputOf(child)
    if (code !== 0) throw new Error(`the programs' process ended with ${code}:\n${text}`)
    return JSON.parse(readFileSync(String(resultsFile), 'utf8'))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
