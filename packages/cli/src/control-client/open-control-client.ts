import type { UsageProblem } from '../command-io.ts'
import { type CallControl, createControlClient } from './control-client.ts'
import { parseTarget, type TargetOptions } from './target.ts'
import { accessKeysFor } from './target-credentials.ts'

/** The control plane that a command line means, ready to be called; nothing is sent or read yet. */
export function openControlClient(
  options: TargetOptions,
  environment: Readonly<Record<string, string | undefined>>,
): CallControl | UsageProblem {
  const target = parseTarget(options, environment)
  if ('problem' in target) return target
  const findAccessKeys = accessKeysFor(target, environment)
  return createControlClient({ target, findAccessKeys, clock: () => new Date() })
}
