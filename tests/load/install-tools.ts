import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Where the tools of this package were installed from, beside them. */
const STAMP = 'node_modules/.installed-from'

/**
 * Installs this package's own tools by `npm ci` where they are missing, or are not those of its lockfile. They are heavy (half a
 * gigabyte), so nobody gets them who does not load.
 */
export async function installTools(
  folder: string,
  environment: Readonly<NodeJS.ProcessEnv>,
  say: (line: string) => void,
): Promise<void> {
  const wanted = await digestOf(join(folder, 'package-lock.json'))
  if ((await readIfThere(join(folder, STAMP))) === wanted) return
  say('installing artillery (once; about half a minute) …')
  const child = spawn('npm', ['ci', '--no-progress'], {
    cwd: folder,
    env: environmentFor(environment),
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`npm ci in ${folder} ended with ${code}`)
  await writeFile(join(folder, STAMP), wanted)
}

/** Without what `npm run` says of the package it runs for: npm would take it as settings for this one. Registry and proxies stay. */
export function environmentFor(environment: Readonly<NodeJS.ProcessEnv>): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(
    ([name]) => !/^npm_(?:package|lifecycle|command|config_(?:local_prefix|prefix))/.test(name),
  )
  return { ...Object.fromEntries(kept), PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' }
}

async function digestOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return undefined
  }
}
