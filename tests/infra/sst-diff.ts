import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { outputOf } from './child-output.ts'
import { HANDLERS } from './handlers.ts'
import { materialisePlatform, PLATFORM, PROVIDER_LOCK, ROOT } from './materialise-platform.ts'
import { portOf } from './port-of.ts'

/** What the real command made of the program. */
export type SstDiff = {
  readonly code: number | null
  /** All that it said. */
  readonly text: string
  /** Resources to create, by their types. */
  readonly types: readonly string[]
  /** Bundles that its own bundler made, by the function's name. */
  readonly bundles: Readonly<Record<string, string>>
}

/**
 * Runs the real `sst diff` for a stage: its evaluation of the configuration, its server, its bundler. Only Pulumi's engine and the one call to
 * AWS are stood in for. It works in a copy, so that the checkout's `.sst` stays as it is. Nothing leaves the loopback interface.
 */
export async function runSstDiff(
  stage: string,
  edit: (directory: string) => void = () => undefined,
): Promise<SstDiff> {
  await materialisePlatform()
  const directory = mkdtempSync(path.join(tmpdir(), 'sst-diff-'))
  try {
    copyProgram(directory)
    edit(directory)
    return await diffIn(directory, stage)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function copyProgram(directory: string): void {
  for (const name of ['sst.config.ts', 'infra', 'package.json']) {
    cpSync(path.join(ROOT, name), path.join(directory, name), { recursive: true })
  }
  for (const name of ['functions', 'node_modules']) {
    symlinkSync(path.join(ROOT, name), path.join(directory, name))
  }
  const platform = path.join(directory, '.sst/platform')
  cpSync(PLATFORM, platform, { recursive: true })
  mkdirSync(path.join(platform, 'node_modules'), { recursive: true }) // reads as: installed
  cpSync(PROVIDER_LOCK, path.join(directory, '.sst/provider-lock.json'))
}

async function diffIn(directory: string, stage: string): Promise<SstDiff> {
  const home = path.join(directory, 'home')
  writePulumiStandIn(path.join(home, 'sst/bin/pulumi'))
  const parameters = await startParameterStandIn()
  try {
    const command = path.join(ROOT, 'node_modules/sst/bin/sst.mjs')
    const child = spawn(process.execPath, [command, 'diff', '--json', '--stage', stage], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environmentOf(home, `http://127.0.0.1:${portOf(parameters)}`),
    })
    const { code, text, output } = await outputOf(child)
    const log = path.join(directory, '.sst/log/pulumi.err.log')
    const said = existsSync(log) ? `${text}${readFileSync(log, 'utf8')}` : text
    return { code, text: said, types: typesOf(output), bundles: bundlesIn(directory) }
  } finally {
    parameters.close()
  }
}

/** Where the command looks for Pulumi. */
function writePulumiStandIn(file: string): void {
  mkdirSync(path.dirname(file), { recursive: true })
  const program = path.join(import.meta.dirname, 'pulumi-stand-in.main.ts')
  writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" --no-warnings "${program}" "$@"\n`)
  chmodSync(file, 0o755)
}

/** Answers the one question to AWS: where state and assets of SST lie. */
async function startParameterStandIn() {
  const bootstrap = JSON.stringify({ version: 1000, asset: 'asset', state: 'state' })
  const server = createServer((request, response) => {
    const known = request.headers['x-amz-target'] === 'AmazonSSM.GetParameter'
    const answer = known
      ? { Parameter: { Name: '/sst/bootstrap', Type: 'String', Value: bootstrap } }
      : { __type: 'NoStandIn', message: String(request.headers['x-amz-target']) }
    request.resume().on('end', () => {
      response
        .writeHead(known ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify(answer))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

const environmentOf = (home: string, endpoint: string) => ({
  ...process.env,
  NODE_OPTIONS: '', // a test runner's are not for the command's children
  HOME: home,
  XDG_CONFIG_HOME: home,
  THINGPASS_OFFLINE: '1', // state in a folder: read by sst.config.ts
  SST_SKIP_DEPENDENCY_CHECK: '1',
  SST_NO_BUN: '1',
  SST_TELEMETRY_DISABLED: '1',
  AWS_ACCESS_KEY_ID: 'offline',
  AWS_SECRET_ACCESS_KEY: 'offline',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_ENDPOINT_URL: endpoint,
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
})

function typesOf(output: string): readonly string[] {
  const start = output.indexOf('[')
  if (start < 0) return []
  const changes: readonly { readonly type?: string; readonly urn?: string }[] = JSON.parse(
    output.slice(start),
  )
  return changes.map(({ type, urn }) => type ?? urn?.split('::')[2] ?? '')
}

function bundlesIn(directory: string): SstDiff['bundles'] {
  const files = Object.keys(HANDLERS).map(
    (name) => [name, path.join(directory, `.sst/artifacts/${name}-src/bundle.mjs`)] as const,
  )
  const made = files.filter(([, file]) => existsSync(file))
  return Object.fromEntries(
    made.map(([name, file]) => [
      name,
      readFileSync(file, 'utf8').replace(/\/\/# sourceMappingURL=.*\n$/, ''),
    ]),
  )
}
