import type { UsageProblem } from '../command-io.ts'

/** An address on this machine to listen on; port 0 = any free one. */
export type ListenAddress = { readonly host: '127.0.0.1' | '::1'; readonly port: number }

const FORM = /^(127\.0\.0\.1|\[::1\]|localhost):(\d{1,5})$/

/** Parses `127.0.0.1:PORT`, `[::1]:PORT` or `localhost:PORT`. No other address: whoever reaches the proxy has the operator's rights once a key is known. */
export function parseListenAddress(text: string): ListenAddress | UsageProblem {
  const [, host, port = ''] = FORM.exec(text) ?? []
  if (host === undefined || Number(port) > 65_535) {
    return { problem: '--listen takes 127.0.0.1:PORT; the proxy is for this machine only' }
  }
  return { host: host === '[::1]' ? '::1' : '127.0.0.1', port: Number(port) }
}
