/** What a device of the fleet is, and so what a request of it must be answered. */
export type DeviceKind =
  | 'good'
  /** In the tenant that has a budget. */
  | 'noisy'
  /** Registered, then revoked. */
  | 'revoked'
  /** Signed by the tenant's CA, never registered. */
  | 'unknown'
  /** Registered, with no policy that allows anything. */
  | 'no-policy'
  /** Names a thing that is another device's. */
  | 'wrong-thing'
  /** Registered while its certificate was still valid. */
  | 'expired'

/** Kinds that every request of has to be refused, in the order in which a fleet is dealt them. */
export const BAD_KINDS = ['revoked', 'unknown', 'no-policy', 'wrong-thing', 'expired'] as const

/** A device with its key. */
export type FleetDevice = {
  readonly kind: DeviceKind
  readonly tenantId: string
  /** Its own, and its thing's. */
  readonly name: string
  /** What it sends as thing name. */
  readonly thingName: string
  readonly certificatePem: string
  readonly privateKeyPem: string
}

/** Requests that a tenant's budget admits. */
export type Budget = { readonly perSecond: number; readonly burst: number }

/** A fleet as it is kept in its directory. */
export type Fleet = {
  readonly version: 1
  /** The same in both tenants. */
  readonly roleAlias: string
  /** Budget of the noisy tenant; the other has none. */
  readonly budget: Budget
  readonly devices: readonly FleetDevice[]
  /** Epoch milliseconds from which the certificates of `expired` devices are expired. */
  readonly expiredFrom: number
  /** PEM of the authority that the endpoint's certificate is under; absent = those that Node knows. */
  readonly serverCaPem?: string
}

/** How many devices of each kind a fleet has. */
export type FleetSizes = { readonly good: number; readonly noisy: number; readonly bad: number }

/** Devices beside the good ones: a quarter more in the noisy tenant, three in ten that have to be refused, at least one of each kind. */
export function sizesOf(devices: number): FleetSizes {
  return {
    good: devices,
    noisy: Math.max(1, Math.ceil(devices / 4)),
    bad: Math.max(BAD_KINDS.length, Math.ceil(devices * 0.3)),
  }
}
