import type { UsageProblem } from '../command-io.ts'
import type { IotClientSettings } from '../control-client/iot-client.ts'
import { parseTarget, type TargetOptions } from '../control-client/target.ts'
import { accessKeysFor } from '../control-client/target-credentials.ts'
import { createSendApi, type SendApi } from './send-api.ts'

/** The control plane that a command line means, ready to be called; nothing is sent or read yet. */
export function openSendApi(
  options: TargetOptions,
  environment: Readonly<Record<string, string | undefined>>,
  settings: IotClientSettings = {},
): SendApi | UsageProblem {
  const target = parseTarget(options, environment)
  if ('problem' in target) return target
  const findAccessKeys = accessKeysFor(target, environment)
  return createSendApi({ target, findAccessKeys, clock: () => new Date(), settings })
}
