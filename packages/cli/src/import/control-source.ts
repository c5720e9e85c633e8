import type { UsageProblem } from '../command-io.ts'
import { type CallControl, createControlClient } from '../control-client/control-client.ts'
import { createIotClient } from '../control-client/iot-client.ts'
import type { ControlTarget } from '../control-client/target.ts'
import { accessKeysFor } from '../control-client/target-credentials.ts'
import type { IotSource } from './iot-source.ts'
import { createPacedCalls, type Pacemaker } from './paced-calls.ts'
import { mayRetryHere } from './service-refusal.ts'

/** A control plane, for AWS's operations and for ours. */
export type ControlSource = {
  readonly iot: IotSource
  readonly callControl: CallControl
  /** The same control plane without the tenant's prefix, where the administrator's routes are. */
  readonly callAdministration: CallControl
}

/** Tries of one call: with the waits between them, about half a minute. */
const ATTEMPTS = 8
/** High enough to be no limit; the operators' table answers what comes too fast with throttling. */
const PER_SECOND = 1000

/**
 * Opens a control plane. A local one is called with its own keys even where AWS's variables are set: in an import those name the
 * account that is read.
 */
export function openControlSource(
  target: ControlTarget,
  environment: Readonly<Record<string, string | undefined>>,
  pacemaker: Pacemaker,
): ControlSource {
  const findAccessKeys = accessKeysFor(target, target.localDataDir === undefined ? environment : {})
  const pace = { perSecond: PER_SECOND, attempts: ATTEMPTS, mayRetry: mayRetryHere }
  const client = createIotClient(target, findAccessKeys, { maxAttempts: 1 })
  const clock = () => new Date()
  const root = { ...target, basePath: withoutTenant(target) }
  return {
    iot: { client, call: createPacedCalls(pace, pacemaker) },
    callControl: createControlClient({ target, findAccessKeys, clock }),
    callAdministration: createControlClient({ target: root, findAccessKeys, clock }),
  }
}

function withoutTenant({ basePath, tenantId }: ControlTarget): string {
  const prefix = `/t/${tenantId}`
  return basePath.endsWith(prefix) ? basePath.slice(0, -prefix.length) : basePath
}

/** Takes the answer of a route of ours; rejects as an SDK does. */
export async function answerOf(
  answer: ReturnType<CallControl>,
): Promise<Readonly<Record<string, unknown>>> {
  const settled: Awaited<ReturnType<CallControl>> | UsageProblem = await answer
  if ('problem' in settled) throw new Error(settled.problem)
  if (settled.ok) return settled.json as Readonly<Record<string, unknown>>
  const { code, message } = settled.error
  throw Object.assign(new Error(message), { name: code })
}
