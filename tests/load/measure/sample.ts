import type { DeviceKind } from '../fleet/fleet.ts'

/** How a request's connection came to be. */
export type ConnectionKind =
  /** A handshake with certificate and key. */
  | 'full'
  /** A handshake that resumed an earlier session. */
  | 'resumed'
  /** No handshake: the connection was open. */
  | 'kept'

/** One request of a device, as the device saw it. All times are epoch milliseconds, with fractions. */
export type Sample = {
  /** Number of the arrival, from 0. */
  readonly arrival: number
  readonly kind: DeviceKind
  /** Name of the device. */
  readonly device: string
  readonly tenantId: string
  /** From 1. */
  readonly attempt: number
  /** When the device came: before it connected, and before it waited for anything. */
  readonly wokeAt: number
  /** When this attempt began, before it connected. */
  readonly sentAt: number
  /** When the whole answer was there, or the attempt had failed. */
  readonly endedAt: number
  /** Absent where no answer came. */
  readonly status?: number
  /** Code of what kept the answer away. */
  readonly error?: string
  readonly connection?: ConnectionKind
  /** Milliseconds from the request on an open connection to the first octet of the answer. */
  readonly answerMs?: number
  /** `Retry-After`, in seconds. */
  readonly retryAfterSeconds?: number
  /** Connections that were refused or reset before this attempt had one. */
  readonly refusedConnections: number
}

/** Parses what the devices wrote: a JSON object a line. A last line that is torn is left out. */
export function parseSamples(text: string): readonly Sample[] {
  const lines = text.split('\n')
  lines.pop() // empty, or torn
  return lines.map((line) => JSON.parse(line))
}
