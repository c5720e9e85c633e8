import { createWriteStream } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CommandIo, ExitCode, UsageProblem } from '../command-io.ts'
import { type ControlTarget, parseTarget, type TargetOptions } from '../control-client/target.ts'
import { exportFleet } from '../export/export-fleet.ts'
import { controlProfiles } from '../import/control-profiles.ts'
import { type ControlSource, openControlSource } from '../import/control-source.ts'
import { findOwnPlace } from '../import/find-place.ts'
import { createIotFleet } from '../import/iot-fleet.ts'
import { describeRefusal } from '../import/service-refusal.ts'

/** What `thingpass export` is told beside the target. */
export type ExportFlags = {
  /** A file that ends in `.jsonl`, or a directory. */
  readonly out?: string
}

const FILE_NAME = 'fleet.jsonl'
const PACEMAKER = { now: () => performance.now(), sleep, random: Math.random }

/** Writes everything of one tenant as JSON lines, to standard output or into a file. */
export async function exportTenant(
  flags: ExportFlags & TargetOptions,
  io: CommandIo,
): Promise<ExitCode> {
  const target = parseTarget(flags, io.environment)
  if ('problem' in target) return refuse(target, io)
  const control = openControlSource(target, io.environment, PACEMAKER)
  try {
    const lines = await linesOf(target, control)
    if ('problem' in lines) return refuse(lines, io)
    const count = await write(lines, flags.out, io)
    io.err(`${count} records of tenant ${target.tenantId}; no private key is among them\n`)
    return 0
  } catch (thrown) {
    return refuse({ problem: describeRefusal(thrown) }, io)
  }
}

async function linesOf(
  { tenantId }: ControlTarget,
  { iot, callControl }: ControlSource,
): Promise<AsyncIterable<string> | UsageProblem> {
  const place = await findOwnPlace(iot)
  if (place === undefined) return { problem: `tenant ${tenantId} has nothing to export` }
  return exportFleet(createIotFleet(iot, controlProfiles(callControl).read), place)
}

function refuse({ problem }: UsageProblem, { err }: CommandIo): ExitCode {
  err(`thingpass: ${problem}\n`)
  return 2
}

/** @throws what the control plane or the file system refuses with */
async function write(
  lines: AsyncIterable<string>,
  path: string | undefined,
  { out }: CommandIo,
): Promise<number> {
  let count = -1 // the head is no record
  const counted = async function* () {
    for await (const line of lines) {
      count += 1
      yield line
    }
  }
  if (path === undefined) {
    for await (const line of counted()) out(line)
    return count
  }
  const file = await fileOf(path)
  // Under the name that was asked for there is never half a fleet.
  const partial = `${file}.partial`
  await pipeline(Readable.from(counted()), createWriteStream(partial, { mode: 0o600 }))
  await rename(partial, file)
  return count
}

async function fileOf(path: string): Promise<string> {
  if (path.endsWith('.jsonl')) return path
  await mkdir(path, { recursive: true })
  return join(path, FILE_NAME)
}
