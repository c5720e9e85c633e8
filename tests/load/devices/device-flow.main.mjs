// Artillery loads this into its worker. It is not TypeScript because artillery would bundle that anew for each run.
import { openSync, readFileSync, writeSync } from 'node:fs'
import { createDeviceFlow } from './device-flow.ts'

const { LOAD_FLEET, LOAD_SCENARIO, LOAD_SAMPLES } = process.env
let file

const flow = createDeviceFlow({
  fleet: JSON.parse(readFileSync(LOAD_FLEET, 'utf8')),
  scenario: LOAD_SCENARIO,
  // Written at once: artillery ends its worker without warning.
  record: (sample) => writeSync(file, `${JSON.stringify(sample)}\n`),
  now: () => performance.timeOrigin + performance.now(),
  random: Math.random,
})

/** The file is there from the first device on: whoever waits for that sees it. */
export async function wake(user) {
  file ??= openSync(LOAD_SAMPLES, 'a', 0o600)
  await flow.wake(user)
}

export const { present, answered, failed, waitAsTold, isToTryAgain } = flow
