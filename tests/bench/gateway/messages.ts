/** What a server of section e is: a bare TLS server, or the gateway before one of three handlers. */
export type ServerKind = 'bare' | 'constant' | 'credentials' | 'calls'

/** One block of load. */
export type LoadOrder = {
  readonly port: number
  /** `cold`: every request on a connection of its own, nothing resumed. `keepAlive`: one connection per worker. */
  readonly mode: 'cold' | 'keepAlive'
  readonly workers: number
  readonly milliseconds: number
}

/** Requests that were answered with 200, and the time that it took. */
export type LoadDone = { readonly requests: number; readonly milliseconds: number }
