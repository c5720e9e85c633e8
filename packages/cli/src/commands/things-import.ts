import type { SendApi } from '../api/send-api.ts'
import { digestOf } from '../bulk/device-row.ts'
import { beginErrorReport } from '../bulk/error-report.ts'
import { type ImportSummary, importRows } from '../bulk/import-rows.ts'
import { type Journal, openJournal } from '../bulk/journal.ts'
import { createPacedSend, type Pacemaker } from '../bulk/paced-send.ts'
import { createProgress, perSecondOf } from '../bulk/progress.ts'
import { type DeviceFile, openDeviceFile } from '../bulk/read-rows.ts'
import { createRegisterRow } from '../bulk/register-row.ts'
import type { CommandIo, ExitCode, UsageProblem } from '../command-io.ts'
import { printableText } from '../table/printable-text.ts'

/** What `things import` is told beside the file. */
export type ThingsImportOptions = {
  readonly concurrency: string
  readonly rate?: string
  readonly json?: boolean
}

/** What the command acts with. */
export type ThingsImportParts = {
  readonly send: SendApi
  /** Which control plane and tenant: what is done for one is not done for another. */
  readonly place: string
  readonly io: CommandIo
  readonly isTerminal: boolean
  readonly pacemaker: Pacemaker
}

/**
 * Registers the devices of a file. A journal beside it makes a run that broke off go on; it goes when all are registered. Rows
 * that fail are listed in a report beside it. Exit code 1 where one failed or the run stopped.
 */
export async function importThings(
  file: string,
  options: ThingsImportOptions,
  parts: ThingsImportParts,
): Promise<ExitCode> {
  const { io, pacemaker } = parts
  const pace = readPace(options)
  const opened = 'problem' in pace ? pace : await openFiles(file, pacemaker)
  if ('problem' in pace || 'problem' in opened) return refuse('problem' in pace ? pace : opened, io)
  const begun = pacemaker.now()
  const summary = await run(file, { ...parts, ...opened, ...pace })
  const seconds = (pacemaker.now() - begun) / 1000
  const succeeded = summary.failed === 0 && summary.stopped === undefined
  await closeJournal(opened.journal, succeeded)
  tell(file, { ...summary, seconds }, { io, json: options.json === true })
  return succeeded ? 0 : 1
}

function refuse(failure: object, { err }: CommandIo): ExitCode {
  err(`thingpass: ${printableText(String(Reflect.get(failure, 'problem')))}\n`)
  return 2
}

/** Sockets that AWS's client opens at most. Source: @smithy/node-http-handler. */
const MOST_AT_ONCE = 50

type Pace = { readonly concurrency: number; readonly perSecond?: number }

function readPace({ concurrency, rate }: ThingsImportOptions): Pace | UsageProblem {
  const atOnce = Number(concurrency)
  if (!(Number.isInteger(atOnce) && atOnce >= 1 && atOnce <= MOST_AT_ONCE)) {
    return { problem: `--concurrency takes a whole number from 1 to ${MOST_AT_ONCE}` }
  }
  if (rate === undefined) return { concurrency: atOnce }
  const perSecond = Number(rate)
  return perSecond > 0 && Number.isFinite(perSecond)
    ? { concurrency: atOnce, perSecond }
    : { problem: '--rate takes calls per second, above 0' }
}

async function openFiles(file: string, { now }: Pacemaker) {
  const devices = await openDeviceFile(file)
  if ('problem' in devices) return devices
  try {
    const journal = await openJournal(`${file}.journal`, now)
    return { devices, journal, report: await beginErrorReport(`${file}.errors.jsonl`) }
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    return { problem: `beside ${file} nothing can be written (${code ?? 'unknown reason'})` }
  }
}

/** What the journal misses is done once more by the next run, to no effect. */
async function closeJournal(journal: Journal, succeeded: boolean): Promise<void> {
  try {
    await (succeeded ? journal.remove() : journal.flush())
  } catch {
    // The run has stopped for it, and said so.
  }
}

type Opened = Exclude<Awaited<ReturnType<typeof openFiles>>, UsageProblem>

async function run(file: string, parts: ThingsImportParts & Opened & Pace): Promise<ImportSummary> {
  const { devices, journal, report, place, io, isTerminal, pacemaker, perSecond } = parts
  const send = perSecond ? createPacedSend(parts.send, perSecond, pacemaker) : parts.send
  const total = rowsOf(devices, file)
  const { now } = pacemaker
  const progress = createProgress({ write: io.err, isTerminal, now, total })
  const summary = await importRows({
    rows: devices.rows,
    concurrency: parts.concurrency,
    isDone: (device) => journal.has(digestOf(device, place)),
    register: createRegisterRow(file, send),
    markDone: (device) => journal.add(digestOf(device, place)),
    report: report.add,
    progress: progress.update,
  })
  progress.end(summary)
  return summary
}

const rowsOf = ({ lines }: DeviceFile, file: string): number =>
  file.endsWith('.csv') ? lines - 1 : lines

function tell(
  file: string,
  summary: ImportSummary & { readonly seconds: number },
  { io, json }: { readonly io: CommandIo; readonly json: boolean },
): void {
  const { done, skipped, failed, stopped, seconds } = summary
  if (stopped !== undefined) {
    io.err(`thingpass: stopped: ${printableText(stopped)}; run it again to go on\n`)
  }
  const perSecond = Math.round(perSecondOf(done + failed, seconds * 1000))
  const report = failed > 0 ? { report: `${file}.errors.jsonl` } : {}
  if (json) io.out(`${JSON.stringify({ done, skipped, failed, seconds, perSecond, ...report })}\n`)
  else {
    const earlier = skipped > 0 ? `, ${skipped} were by an earlier run` : ''
    const place = failed > 0 ? ` (${file}.errors.jsonl)` : ''
    io.out(`${done} registered${earlier}, ${failed} failed${place}\n`)
    io.out(`${seconds.toFixed(1)} s, ${perSecond}/s\n`)
  }
}
