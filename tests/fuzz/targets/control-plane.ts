import { match, ok, strictEqual } from 'node:assert'
import { OPERATIONS } from '@thingpass/control/operation-table'
import { ATTEMPTS } from '../../contract/control-isolation-attempts.ts'
import {
  createFuzzedControlPlane,
  DEVICE_ARN,
  SEED_CALLS,
  type SentCall,
} from '../control-calls.ts'
import { type FuzzTarget, jsonOfInput } from '../fuzz-target.ts'

/** Most calls of one input. */
const MOST_CALLS = 8

/**
 * The whole control plane over the fake registry: an input is a row of calls, in a world where everything is there already. None is answered with
 * a failure of ours, whatever stands in path, query, headers or body.
 */
export const CONTROL_PLANE: FuzzTarget = {
  name: 'control-plane',
  format: 'json',
  seeds: () => [
    ...SEED_CALLS.map((call) => JSON.stringify([call])),
    ...OPERATIONS.flatMap((operation) =>
      (ATTEMPTS[operation.name] ?? [{}]).map((attempt) =>
        JSON.stringify([callOf(operation, attempt)]),
      ),
    ),
  ],
  dictionary: [
    ...[DEVICE_ARN, 'owned-thing', 'owned-policy', 'owned-alias', 'owned-group', 'owned-type'],
    ...['acme', 'default', 'nextToken', 'marker', 'pageSize', 'maxResults', 'setAsActive', 'force'],
    ...['x-amzn-principal', 'x-amzn-iot-principal', 'attributePayload', 'attributes', 'merge'],
    ...['policyDocument', 'expectedVersion', 'tags', 'Key', 'Value', '250', 'true', '%2F', '%'],
  ],
  run: async (input) => {
    const json = jsonOfInput(input)
    if (!Array.isArray(json)) return
    const { call, faults } = await createFuzzedControlPlane()
    for (const sent of json.slice(0, MOST_CALLS)) {
      if (typeof sent !== 'object' || sent === null) continue
      const { status, headers, body } = await call(sent as SentCall)
      strictEqual(faults.join('\n'), '', 'a failure of ours')
      ok(status < 500, `status ${status}`)
      JSON.parse(body)
      if (status >= 400) match(String(headers['x-amzn-ErrorType']), /^[A-Za-z]+$/)
    }
  },
}

type Attempt = {
  readonly labels?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object
}

/** Ids that are new in every process are replaced, so that the seeds are the same in all. */
function callOf(
  { method, path }: { readonly method: string; readonly path: string },
  { labels = {}, query, headers, body }: Attempt,
): SentCall {
  const sent = {
    method,
    path: path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(labels[name] ?? 'owned-thing'),
    ),
    ...{ query, headers, body },
  }
  const steady = JSON.stringify(sent)
    .replaceAll(/cert\/[0-9a-f]{64}/g, DEVICE_ARN.slice(DEVICE_ARN.indexOf('cert/')))
    .replaceAll(/[0-9a-f]{64}/g, DEVICE_ARN.slice(-64))
  return JSON.parse(steady)
}
