import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { portOf } from './port-of.ts'
import type { ProgramState } from './program-state.ts'

type Build = ProgramState['builds'][number]

/**
 * Stands in for the command that runs a program and that its components call: it says where assets go, and takes every handler as bundled. The
 * real bundler runs with `infra:diff`, its options in the test of sizes.
 * Source: sst 4.17.1, platform/src/components/rpc/rpc.ts.
 */
export async function startCommandStandIn(directory: string) {
  const unanswered: string[] = []
  const builds: Build[] = []
  const methods: Readonly<Record<string, (input: never) => unknown>> = {
    'Provider.Aws.Bootstrap': () => ({
      asset: 'sst-asset-offline',
      state: 'sst-state-offline',
      assetEcrRegistryId: ACCOUNTLESS,
      assetEcrUrl: ACCOUNTLESS,
    }),
    'Runtime.Build': (input: Build & { readonly functionID: string }) => {
      builds.push({ handler: input.handler, runtime: input.runtime, properties: input.properties })
      const out = path.join(directory, 'bundles', input.functionID)
      mkdirSync(out, { recursive: true })
      writeFileSync(path.join(out, 'bundle.mjs'), '')
      return { handler: `bundle${path.extname(input.handler)}`, out, errors: [], sourcemaps: [] }
    },
    'Resource.Aws.HostedZoneLookup.Create': (input: object) => ({
      id: 'ZOFFLINE',
      outs: { ...input, zoneId: 'ZOFFLINE' },
    }),
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method, params } = JSON.parse(Buffer.concat(chunks).toString())
    const answer = methods[method]
    if (answer === undefined) unanswered.push(method)
    response.setHeader('connection', 'close') // one that is kept may end just as it is used again
    response.end(
      JSON.stringify(
        answer === undefined
          ? { error: `rpc: can't find ${method}` }
          : { result: answer(params[0] as never) },
      ),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `http://127.0.0.1:${portOf(server)}`,
    /** What came since the last time this was asked. */
    take: () => ({ builds: builds.splice(0), unansweredCalls: unanswered.splice(0) }),
    stop: () => server.close(),
  }
}

const ACCOUNTLESS = 'none'
