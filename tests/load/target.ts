/** An address that load may go to, or why not. */
export type JudgedEndpoint =
  | { readonly ok: true; readonly url: URL }
  | { readonly ok: false; readonly problem: string }

/** An IPv4 address of 127.0.0.0/8, as `URL` writes each of its spellings. */
const LOOPBACK_ADDRESS = /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/

/** Whether a host is this machine: `localhost`, or an address of 127.0.0.0/8. Nothing that only looks like either. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || LOOPBACK_ADDRESS.test(hostname)
}

/**
 * Judges an address that load is to go to: this machine's, unless its owner says so. Elsewhere nothing goes in the clear.
 * A URL with anything but an origin and a path is none.
 */
export function judgeEndpoint(
  text: string,
  { owned, schemes }: { readonly owned: boolean; readonly schemes: readonly string[] },
): JudgedEndpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !schemes.includes(url.protocol)) {
    return refuse(`not a URL with ${schemes.join(' or ')}`)
  }
  if (`${url.username}${url.password}${url.search}${url.hash}` !== '') {
    return refuse('has a user, a query or a fragment')
  }
  if (isLoopbackHost(url.hostname)) return { ok: true, url }
  if (!owned) {
    return refuse('is not on this machine; who owns it says so with --i-own-this-endpoint')
  }
  return url.protocol === 'https:' ? { ok: true, url } : refuse('must be https')
}

function refuse(problem: string): JudgedEndpoint {
  return { ok: false, problem }
}
