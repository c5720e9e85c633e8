import { IoTClient } from '@aws-sdk/client-iot'
import type { IotSource } from './iot-source.ts'
import { createPacedCalls, type Pacemaker } from './paced-calls.ts'
import { mayRetryAws } from './service-refusal.ts'

/** Which account of AWS IoT is read, and how fast. */
export type AwsSourceOptions = {
  readonly region?: string
  readonly profile?: string
  /** Endpoint in place of AWS's own, such as a VPC endpoint's. */
  readonly endpoint?: string
  /** Calls per second. */
  readonly perSecond: number
}

/** Tries of one call of AWS: with the waits between them, about two minutes. */
const ATTEMPTS = 12

/** Opens an account of AWS IoT for reading, with the operator's usual AWS credentials. */
export function openAwsSource(
  { region, profile, endpoint, perSecond }: AwsSourceOptions,
  pacemaker: Pacemaker,
  waiting: () => void,
): IotSource {
  const client = new IoTClient({
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
    // Repeating is paced here; the SDK's own would come on top of it.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 5000, requestTimeout: 30_000 },
  })
  const pace = { perSecond, attempts: ATTEMPTS, mayRetry: mayRetryAws, waiting }
  return { client, call: createPacedCalls(pace, pacemaker) }
}
