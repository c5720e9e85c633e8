import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { descendantsOf } from '@thingpass/local/testing/spawned-program'

/** Processor time in use, in cores: 1 = one core for the whole time. */
export type CpuPoint = {
  /** Epoch milliseconds. */
  readonly at: number
  /** Process of the local stack: gateway, functions, control plane, STS. */
  readonly server?: number
  /** The embedded DynamoDB. */
  readonly engine?: number
  /** The devices: artillery. */
  readonly clients?: number
  /** All that runs on the machine, ours or not. */
  readonly machine?: number
}

/** Watches processor time until it is stopped; without points where there is no `/proc`. */
export type CpuWatch = { readonly stop: () => readonly CpuPoint[] }

/** Which processes are watched at the moment. */
export type WatchedProcesses = () => {
  readonly server?: number | undefined
  readonly clients?: number | undefined
}

const PERIOD_MS = 500
/** USER_HZ: the unit of `/proc/<pid>/stat` on every Linux that Node runs on. Source: proc_pid_stat(5), time(7). */
const TICKS_PER_SECOND = 100

type Reading = {
  readonly at: number
  /** Seconds of processor time by part; the name holds the process ids, for another process starts again at 0. */
  readonly used: ReadonlyMap<string, { readonly who: string; readonly seconds: number }>
}

/** Reads twice a second how much processor time the processes have used. */
export function watchCpu(processes: WatchedProcesses, periodMs: number = PERIOD_MS): CpuWatch {
  const points: CpuPoint[] = []
  let before: Reading | undefined
  const timer = setInterval(() => {
    const now = readUse(processes())
    if (before !== undefined) points.push(useBetween(before, now))
    before = now
  }, periodMs)
  return {
    stop: () => {
      clearInterval(timer)
      return points
    },
  }
}

function readUse({ server, clients }: ReturnType<WatchedProcesses>): Reading {
  const engine = server === undefined ? [] : descendantsOf(server)
  const used = new Map<string, { readonly who: string; readonly seconds: number }>()
  const add = (name: string, pids: readonly number[]) => {
    const seconds = pids.map((pid) => processSeconds(readText(`/proc/${pid}/stat`)))
    if (pids.length === 0 || seconds.includes(undefined)) return
    const sum = seconds.reduce<number>((total, each) => total + (each ?? 0), 0)
    used.set(name, { who: pids.join(), seconds: sum })
  }
  add('server', server === undefined ? [] : [server])
  add('engine', engine)
  add('clients', clients === undefined ? [] : [clients])
  const machine = machineSeconds(readText('/proc/stat'))
  if (machine !== undefined) used.set('machine', { who: '', seconds: machine })
  return { at: Date.now(), used }
}

/** The cores that were in use between two readings. */
export function useBetween(before: Reading, now: Reading): CpuPoint {
  const elapsed = (now.at - before.at) / 1000
  const parts = [...now.used].flatMap(([name, { who, seconds }]) => {
    const earlier = before.used.get(name)
    return earlier?.who === who ? [[name, (seconds - earlier.seconds) / elapsed] as const] : []
  })
  return { at: now.at, ...Object.fromEntries(parts) }
}

/** Seconds of processor time in the text of `/proc/<pid>/stat`. The program's name may hold anything, also spaces and brackets. */
export function processSeconds(stat: string | undefined): number | undefined {
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields?.[11]) + Number(fields?.[12])
  return Number.isFinite(ticks) ? ticks / TICKS_PER_SECOND : undefined
}

/** Busy seconds of all cores in the text of `/proc/stat`: all but idle and waiting for a disk. */
export function machineSeconds(stat: string | undefined): number | undefined {
  const [user, nice, system, , , irq, softirq, steal] =
    /^cpu +(.*)$/m
      .exec(stat ?? '')?.[1]
      ?.split(' ')
      .map(Number) ?? []
  const ticks = [user, nice, system, irq, softirq, steal].reduce<number>(
    (sum, each) => sum + (each ?? Number.NaN),
    0,
  )
  return Number.isFinite(ticks) ? ticks / TICKS_PER_SECOND : undefined
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** What a report says of the machine. */
export function describeMachine(): { readonly cores: number; readonly model: string } {
  const all = cpus()
  return { cores: all.length, model: all[0]?.model.trim() ?? 'unknown' }
}
