import { IoTClient } from '@aws-sdk/client-iot'
import { baseUrlOf, type ControlTarget } from './target.ts'
import type { FindAccessKeys } from './target-credentials.ts'

/** How a client of AWS's SDK differs from the control plane's other clients. */
export type IotClientSettings = {
  /** Service name that is signed for; `execute-api` where absent. */
  readonly signingName?: 'execute-api' | 'iot'
  /** Tries of one call, 3 where absent. */
  readonly maxAttempts?: number
}

/**
 * Makes AWS's own client for the target. It signs for `execute-api`, which API Gateway needs, where the SDK alone would sign for
 * `iot`. Its calls reject where no keys are found.
 */
export function createIotClient(
  target: ControlTarget,
  findAccessKeys: FindAccessKeys,
  { signingName = 'execute-api', maxAttempts = 3 }: IotClientSettings = {},
): IoTClient {
  const { region } = target
  return new IoTClient({
    ...{ region, maxAttempts },
    endpoint: baseUrlOf(target),
    credentials: async () => {
      const keys = await findAccessKeys()
      if ('problem' in keys) throw new Error(keys.problem)
      return keys
    },
    requestHandler: { connectionTimeout: 5000, requestTimeout: 32_000 },
    httpAuthSchemeProvider: () => [
      {
        schemeId: 'aws.auth#sigv4',
        signingProperties: { signingName, signingRegion: region },
        propertiesExtractor: (config, context) => ({ signingProperties: { config, context } }),
      },
    ],
  })
}
