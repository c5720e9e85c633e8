/** The ways in which a remote call goes wrong. */
export type FaultKind =
  /** A server error, on every attempt. */
  | 'error'
  | 'throttle'
  /** The request is taken and never answered. */
  | 'timeout'
  /** The connection is reset before a byte of the answer. */
  | 'reset'
  /** A right answer, late but in time. */
  | 'slow'
  /** Status 200 and no body. */
  | 'empty'
  /** Status 200 and a body that breaks off. */
  | 'malformed'
  /** Status 200 and a whole body whose members have other types. */
  | 'wrong-type'

export const FAULT_KINDS: readonly FaultKind[] = [
  'error',
  'throttle',
  'timeout',
  'reset',
  'slow',
  'empty',
  'malformed',
  'wrong-type',
]

/** What is expected, for every call and every way in which it goes wrong: a row that is missing does not compile. */
export type FaultTable<Call extends string, Expected> = Readonly<
  Record<Call, Readonly<Record<FaultKind, Expected>>>
>

/** The rows of a table, one by one. */
export function rowsOf<Call extends string, Expected>(
  table: FaultTable<Call, Expected>,
): readonly (readonly [Call, FaultKind, Expected])[] {
  const calls = Object.keys(table) as Call[]
  return calls.flatMap((call) =>
    FAULT_KINDS.map((kind) => [call, kind, table[call][kind]] as const),
  )
}
