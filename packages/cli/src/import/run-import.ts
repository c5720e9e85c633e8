import type { Finding } from './finding.ts'
import type { ImportProgress } from './import-progress.ts'
import { type ImportReport, summarize } from './import-report.ts'
import type { Journal } from './journal.ts'
import type { PlanSettings } from './plan-record.ts'
import { runStage, type Stage } from './run-stage.ts'
import { describeRefusal } from './service-refusal.ts'

/** One import, ready to run. */
export type ImportRun = {
  readonly stages: readonly Stage[]
  readonly settings: PlanSettings
  readonly journal: Journal
  readonly dryRun: boolean
  readonly progress: ImportProgress
  /** Lists what the source has beside the collections. */
  readonly readAccount: () => Promise<readonly Finding[]>
}

/** How an import ended: what came of it, and what stopped it before its end, if anything did. */
export type ImportEnd = { readonly report: ImportReport; readonly stopped?: string }

/** Runs all steps in their order. Never rejects. */
export async function runImport(run: ImportRun): Promise<ImportEnd> {
  const { stages, settings, journal, dryRun, progress } = run
  const account: Finding[] = []
  const end = () => {
    const about = { dryRun, stages: stages.map(({ name }) => name), account }
    return summarize(journal.entries(), about)
  }
  try {
    account.push(...(await run.readAccount()))
    for (const stage of stages) {
      progress.begin(stage.name)
      await runStage(stage, { settings, journal, dryRun, step: progress.step })
    }
    progress.end()
    return { report: end() }
  } catch (thrown) {
    progress.end()
    return { report: end(), stopped: describeRefusal(thrown) }
  }
}
