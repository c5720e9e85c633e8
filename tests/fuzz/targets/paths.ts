import { ok, strictEqual } from 'node:assert'
import { OPERATIONS } from '@thingpass/control/operation-table'
import { createRouter } from '@thingpass/control/route'
import { splitTenantPath } from '@thingpass/control/tenant-path'
import { isUnambiguousPath } from '@thingpass/core/authorize-api-path'
import { leafOfEncodedChain } from '@thingpass/functions/front-door/certificate-chain'
import { readRoute } from '@thingpass/functions/front-door/route'
import { OPENSSL_ROOT_PEM, OPENSSL_VERSION_1_PEM } from '@thingpass/x509/testing/openssl-made'
import { type FuzzTarget, textOfInput } from '../fuzz-target.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
const matchRoute = createRouter(OPERATIONS)

/** Paths of every door, and the chain in a load balancer's header: each has one reading or none. */
export const PATHS: FuzzTarget = {
  name: 'paths',
  format: 'text',
  seeds: () => [
    ...['/role-aliases/camera/credentials', '/role-aliases/a%2Fb/credentials', '/', '', '/ping'],
    ...['/t/acme/things/cam-1', '/t/default/things', '/t/acme/thingpass/tenants', '/T/acme/things'],
    ...['/readings/cam-1', '/a//b', '/a/../b', '/%2e%2e/a', '/a;b=c', '/\u2028', '/a\\b', '/ü'],
    encodeURIComponent(`${OPENSSL_VERSION_1_PEM}${OPENSSL_ROOT_PEM}`),
    ...OPERATIONS.map(({ path }) => path.replaceAll(/\{\w+\}/g, 'name')),
  ],
  dictionary: [
    ...['%2e', '%2F', '%252f', '%00', '..', '//', '/t/', 'default', ';', '\\', '%c0%ae', '%'],
    ...['-----BEGIN CERTIFICATE-----\n', '-----END CERTIFICATE-----\n', '%0A', '+', '\r\n', '\0'],
  ],
  run: (input) => {
    const text = textOfInput(input)
    checkDeviceRoute(text)
    checkApiPath(text)
    checkControlPath(text)
    const leaf = leafOfEncodedChain(text)
    if (typeof leaf === 'string') strictEqual(leaf.split('-----BEGIN CERTIFICATE-----').length, 2)
  },
}

function checkDeviceRoute(path: string): void {
  const route = readRoute('GET', path)
  if (route.kind === 'refused') return
  const alias = route.roleAlias
  if (alias === undefined) return
  ok(/^[\w=,@-]{1,128}$/.test(alias))
  strictEqual(path, `/role-aliases/${alias}/credentials`)
}

/** One that is let through is what a WHATWG URL makes of it. The `?` keeps white space at the end, which a URL as a whole has none of. */
function checkApiPath(path: string): void {
  if (!isUnambiguousPath(path)) return
  strictEqual(decodeURIComponent(new URL(`http://host${path}?`).pathname), path)
}

function checkControlPath(path: string): void {
  const split = splitTenantPath(path)
  if (split === undefined) return
  const { tenantId, path: rest } = split
  strictEqual(path, tenantId === 'default' ? rest : `/t/${tenantId}${rest}`)
  ok(!/^\/t(?:\/|$)/.test(tenantId === 'default' ? rest : ''), 'a prefix that is none')
  for (const method of METHODS) checkMatch(method, rest)
}

function checkMatch(method: (typeof METHODS)[number], path: string): void {
  const found = matchRoute(method, path)
  if (found.kind !== 'matched') return
  const sent = path.split('/')
  const meant = found.route.path.split('/').map((segment, at) => {
    const label = /^\{(\w+)\}$/.exec(segment)?.[1]
    if (label === undefined) return segment
    strictEqual(found.labels.get(label), decodeURIComponent(sent[at] ?? ''))
    return sent[at]
  })
  strictEqual(meant.join('/'), path)
}
