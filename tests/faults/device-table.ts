import type { FaultCode } from '@thingpass/core/fault'
import type { FaultTable } from './fault-kind.ts'
import type { DynamoCall, StsCall } from './wire.ts'

/** Status, and the fault of the audit record; none where credentials are given all the same. */
export type DeviceExpected = readonly [200] | readonly [500 | 503, FaultCode]
/** The calls behind a request for credentials. */
export type DeviceCall = Extract<DynamoCall, 'Query' | 'BatchGetItem' | 'UpdateItem'> | StsCall

const REGISTRY = {
  error: [503, 'REGISTRY_UNAVAILABLE'],
  throttle: [503, 'REGISTRY_THROTTLED'],
  timeout: [503, 'REGISTRY_TIMEOUT'],
  reset: [503, 'REGISTRY_UNAVAILABLE'],
  slow: [200],
  empty: [500, 'REGISTRY_UNREADABLE'],
  malformed: [500, 'REGISTRY_UNREADABLE'],
  'wrong-type': [500, 'REGISTRY_UNREADABLE'],
} as const

/** What a request for credentials meets, whichever way the calls are made. */
export const DEVICE_TABLE: FaultTable<DeviceCall, DeviceExpected> = {
  Query: REGISTRY,
  BatchGetItem: REGISTRY,
  UpdateItem: REGISTRY,
  AssumeRole: {
    error: [503, 'STS_UNAVAILABLE'],
    throttle: [503, 'STS_THROTTLED'],
    timeout: [503, 'STS_TIMEOUT'],
    reset: [503, 'STS_UNAVAILABLE'],
    slow: [200],
    empty: [500, 'STS_UNREADABLE'],
    malformed: [500, 'STS_UNREADABLE'],
    'wrong-type': [500, 'STS_UNREADABLE'],
  },
}
