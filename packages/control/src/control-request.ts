/** One call of the control plane, after the front door has authenticated the caller. */
export type ControlRequest = {
  readonly requestId: string
  /** Upper-case. */
  readonly method: string
  /** As sent: percent-encoding untouched, without the query and without a stage. */
  readonly path: string
  /** Decoded parameters, in order. */
  readonly query: readonly (readonly [name: string, value: string])[]
  /** Lower-case name → values in order. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  /** UTF-8 text; empty where there is none. */
  readonly body: string
  /** Whom the signature names, such as `arn:aws:iam::123456789012:user/anna`. */
  readonly callerArn: string
  /** Address of the caller. */
  readonly sourceIp: string
}

/** What is sent back. */
export type ControlAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
