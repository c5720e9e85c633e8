import { appendFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

// Loaded into the stack's process before it starts: says twice a second how late its event loop was.

const PERIOD_MS = 500
const RESOLUTION_MS = 10
const NANOSECONDS = 1e6

const path = process.env.LOAD_LAG_FILE
if (path !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  setInterval(() => {
    // The histogram holds the whole interval between two timers, the resolution included.
    const lateMs = (nanoseconds: number) => Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS)
    const line = { at: Date.now(), p99Ms: lateMs(delay.percentile(99)), maxMs: lateMs(delay.max) }
    appendFileSync(path, `${JSON.stringify(line)}\n`)
    delay.reset()
  }, PERIOD_MS).unref()
}
