import { glob, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { issueCertificate } from '@thingpass/x509/testing/certificates'
import { constructed, oid, primitive, sequence } from '@thingpass/x509/testing/der-writer'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startThreatStage, type ThreatStage } from './stage.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }) // whole stacks, on machines that do other things, too

const ROOT = resolve(import.meta.dirname, '../..')

/** Sources of the parts that decide, without their tests. */
async function sourcesOf(
  ...folders: readonly string[]
): Promise<readonly (readonly [string, string])[]> {
  const sources: (readonly [string, string])[] = []
  const patterns = folders.map((folder) => `${folder}/**/*.ts`)
  for await (const file of glob(patterns, { cwd: ROOT, exclude: ['**/node_modules/**'] })) {
    if (/\.test\.ts$|\/testing\//.test(file)) continue
    sources.push([file, await readFile(join(ROOT, file), 'utf8')])
  }
  return sources
}

/** Code without what is said about it. */
const codeOf = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')

test('where names of issuers are compared, the signature is verified, too', async () => {
  const sources = await sourcesOf('functions', 'packages')
  expect(sources.length).toBeGreaterThan(200)
  const unverified = sources.filter(([, text]) => {
    const code = codeOf(text)
    return /\bcheckIssued\(/.test(code) && !/\.verify\(/.test(code)
  })
  expect(unverified.map(([file]) => file)).toEqual([])
})

describe('no URL of a certificate is ever asked for a list, a status or an issuer', () => {
  // Whoever writes the URL would choose what we call from inside of the deployment.
  test('for what judges certificates can call nothing', async () => {
    const sources = await sourcesOf(
      'functions',
      'packages/core/src',
      'packages/x509/src',
      'packages/control/src',
    )
    const callers = sources.filter(([, text]) =>
      /\bfetch\(|\bhttps?\.(?:get|request)\(|from '(?:node:)?(?:https?|http2|net|tls|dgram|dns|undici)'/.test(
        codeOf(text),
      ),
    )
    // It reads the words that belong to a status, and the form of an address.
    expect(callers.map(([file]) => file)).toEqual([
      'functions/front-door/application-load-balancer.ts',
    ])
    const [, text = ''] = callers[0] ?? []
    const imported = [...text.matchAll(/import \{ (.+) \} from 'node:(?:http|net)'/g)]
    expect(imported.map(([, names]) => names)).toEqual(['STATUS_CODES', 'isIP'])
  })

  let stage: ThreatStage
  beforeAll(async () => {
    stage = await startThreatStage()
  })
  afterAll(() => stage.close())

  test('whatever certificate is presented', async () => {
    let asked = 0
    const server = createServer((_, response) => {
      asked++
      response.end()
    })
    server.on('connection', () => asked++)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { pem } = issueCertificate(await stage.ca(), {
      extensions: urlExtensions(`http://127.0.0.1:${port}/`),
    })
    await stage.register(pem)
    await stage.attachPolicy(
      'camera-credentials',
      (await stage.openHandler().ask(pem)).audit?.certificateId ?? '',
    )
    expect((await stage.openHandler().ask(pem)).status).toBe(200)
    await new Promise((resolve) => server.close(resolve))
    expect(asked).toBe(0)
  })
})

/** Where to find revocation lists, OCSP and the issuer. Source: RFC 5280 §4.2.1.13, §4.2.2.1. */
function urlExtensions(url: string) {
  const uri = primitive(6, Buffer.from(url))
  const point = sequence(constructed(0, constructed(0, uri)))
  const access = (method: string) => sequence(oid(method), uri)
  return [
    { oid: '2.5.29.31', value: sequence(point) },
    {
      oid: '1.3.6.1.5.5.7.1.1',
      value: sequence(access('1.3.6.1.5.5.7.48.1'), access('1.3.6.1.5.5.7.48.2')),
    },
  ]
}
