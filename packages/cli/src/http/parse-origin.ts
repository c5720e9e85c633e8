import type { Origin } from './exchange.ts'

const HOST_AND_PORT =
  /^(?<host>[a-z0-9_](?:[a-z0-9._-]{0,251}[a-z0-9])?|\[[0-9a-f:]+\])(?::(?<port>\d{1,5}))?$/i

/** Parses the `HOST` or `HOST:PORT` of a device endpoint; port 443 where none is named. Undefined for anything else, URLs included. */
export function parseDeviceEndpoint(text: string): Origin | undefined {
  const { host = '', port = '443' } = HOST_AND_PORT.exec(text)?.groups ?? {}
  const number = Number(port)
  if (host === '' || !(number >= 1 && number <= 65_535)) return undefined
  return { protocol: 'https:', hostname: withoutBrackets(host).toLowerCase(), port: number }
}

/** Takes scheme, host and port out of a URL that was checked. */
export function originOf(url: URL): Origin {
  const protocol = url.protocol === 'https:' ? 'https:' : 'http:'
  const port = Number(url.port === '' ? (protocol === 'https:' ? '443' : '80') : url.port)
  return { protocol, hostname: withoutBrackets(url.hostname), port }
}

/** Whether a host is this machine, by a name or address that no DNS server can turn elsewhere. */
export function isLoopback(hostname: string): boolean {
  return ['localhost', '127.0.0.1', '::1'].includes(hostname)
}

function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}
