import { setTimeout as sleep } from 'node:timers/promises'
import type { CommandIo, ExitCode, UsageProblem } from '../command-io.ts'
import { type ControlTarget, parseTarget, type TargetOptions } from '../control-client/target.ts'
import { openControlSource } from '../import/control-source.ts'
import { createIamCalls } from '../import/iam-calls.ts'
import {
  type ImportFlags,
  type ImportFrom,
  type ImportOptions,
  parseImportFlags,
} from '../import/import-options.ts'
import { createImportProgress } from '../import/import-progress.ts'
import { formatReport, reportJson } from '../import/import-report.ts'
import { importStages } from '../import/import-stages.ts'
import { createJournal, type Journal } from '../import/journal.ts'
import { type JournalFile, openJournalFile } from '../import/journal-file.ts'
import { type OpenedSource, openSource, openTarget } from '../import/open-import.ts'
import { runImport } from '../import/run-import.ts'
import { describeRefusal } from '../import/service-refusal.ts'
import { showIamRolePolicies, showRolePolicyFiles } from '../import/show-role-policies.ts'

/** How the command shows itself, beside what every command does. */
export type ImportIo = CommandIo & { readonly terminal: boolean }

const PACEMAKER = { now: () => performance.now(), sleep, random: Math.random }

/** Copies a fleet out of AWS IoT, or out of an export, into a tenant; exit code 1 where a record failed. */
export async function importFleet(
  flags: ImportFlags & TargetOptions,
  io: ImportIo,
): Promise<ExitCode> {
  const options = parseImportFlags(flags)
  if ('problem' in options) return refuse(options, io)
  const shown = await showRolePolicyFiles(options.rolePolicyFiles, io)
  if (shown === 'no-file') return 2
  const { from } = options
  const soFar = shown === 'all-readable' ? 0 : 1
  if (from === undefined) return soFar
  const target = parseTarget(flags, io.environment)
  if ('problem' in target) return refuse(target, io)
  try {
    return worse(soFar, await copy({ ...options, from }, target, io))
  } catch (thrown) {
    return refuse({ problem: describeRefusal(thrown) }, io)
  }
}

function refuse({ problem }: UsageProblem, { err }: CommandIo): ExitCode {
  err(`thingpass: ${problem}\n`)
  return 2
}

function worse(one: ExitCode, other: ExitCode): ExitCode {
  return one > other ? one : other
}

type Copying = ImportOptions & { readonly from: ImportFrom }

/** @throws what the source or the control plane refuses its first call with */
async function copy(options: Copying, target: ControlTarget, io: ImportIo): Promise<ExitCode> {
  let waiting: () => void = () => undefined
  const source = await openSource(options.from, PACEMAKER, () => waiting())
  if ('problem' in source) return refuse(source, io)
  const control = openControlSource(target, io.environment, PACEMAKER)
  const { toAccount, only, dryRun, copyCas } = options
  const hints = { source: source.place, ...(toAccount === undefined ? {} : { toAccount }) }
  const opened = await openTarget(target, control, hints)
  if ('problem' in opened) return refuse(opened, io)
  const shown = await showRoles(options, source, io)
  const state = openState(options, { from: source.identity, to: opened.identity })
  if ('problem' in state) return refuse(state, io)
  const { journal } = state
  if (state.file?.resumed === true) io.err('going on where an earlier import ended\n')
  const stages = importStages(source.reader, opened, { journal, only })
  const names = stages.map(({ name }) => name)
  const about = { terminal: io.terminal, stages: names, now: PACEMAKER.now }
  const progress = createImportProgress(io.err, about)
  waiting = progress.waiting
  const settings = { from: source.place, to: opened.place, copyCas }
  const { readAccount } = source
  const end = await runImport({ ...{ stages, settings, journal, dryRun, progress, readAccount } })
  io.out(options.json ? reportJson(end.report) : formatReport(end.report))
  return worse(shown, conclude(end, state.file, io))
}

async function showRoles(
  { showRolePolicies, from }: Copying,
  source: OpenedSource,
  io: CommandIo,
): Promise<ExitCode> {
  if (!showRolePolicies || from.kind === 'file') return 0
  const iam = createIamCalls({
    ...(from.region === undefined ? {} : { region: from.region }),
    ...(from.profile === undefined ? {} : { profile: from.profile }),
  })
  const shown = await showIamRolePolicies(source.reader['role-aliases'], iam, io)
  return shown === 'all-readable' ? 0 : 1
}

type State = { readonly journal: Journal; readonly file?: JournalFile }

/** A dry run neither reads nor leaves a trace of what was done. */
function openState(
  { dryRun, statePath }: ImportOptions,
  head: { readonly from: string; readonly to: string },
): State | UsageProblem {
  if (dryRun) return { journal: createJournal() }
  const file = openJournalFile(statePath, head)
  return 'problem' in file ? file : { journal: file.journal, file }
}

function conclude(
  { report, stopped }: Awaited<ReturnType<typeof runImport>>,
  file: JournalFile | undefined,
  { err }: CommandIo,
): ExitCode {
  const whole = stopped === undefined && report.failures.length === 0
  if (whole) {
    file?.remove()
    return 0
  }
  file?.close()
  if (stopped !== undefined) err(`thingpass: stopped: ${stopped}\n`)
  if (file !== undefined) err('thingpass: not whole; the same command goes on where it ended\n')
  return 1
}
