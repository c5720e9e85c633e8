import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The script that runs a function, and what it is called in the results. */
export type RuntimeClient = { readonly script: string; readonly name: string }

const HERE = fileURLToPath(new URL('../', import.meta.url))
const OFFICIAL = `${HERE}node_modules/aws-lambda-ric/`
const OWN: RuntimeClient = {
  script: fileURLToPath(new URL('runtime-client.mjs', import.meta.url)),
  name: "the bench's own runtime client (aws-lambda-ric could not be built here)",
}

/**
 * AWS's runtime client, installed and built on first use; where that fails, the bench's own. Its install scripts compile C++ (cmake, make, g++ and
 * python3 are needed), so they run by name here and not with every `npm ci`.
 */
export async function findRuntimeClient(say: (line: string) => void): Promise<RuntimeClient> {
  if (!existsSync(`${OFFICIAL}rapid-client.node`)) {
    say('installing aws-lambda-ric and compiling its native part: half a minute, once')
    const built =
      (await npm('ci')) && (await npm('rebuild', 'aws-lambda-ric', '--ignore-scripts=false'))
    if (!built || !existsSync(`${OFFICIAL}rapid-client.node`)) return OWN
  }
  const { version } = (await import(`${OFFICIAL}package.json`, { with: { type: 'json' } })).default
  return { script: `${OFFICIAL}index.mjs`, name: `aws-lambda-ric ${version}` }
}

function npm(...words: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn('npm', words, { cwd: HERE, stdio: 'ignore' })
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
  })
}
