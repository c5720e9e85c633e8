import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { PLATFORM, PROVIDER_LOCK, ROOT } from './materialise-platform.ts'

/** Names of CommonJS that bundled dependencies expect in an ES module. SST's own, by another hand. */
export const COMMONJS_NAMES = [
  'import { createRequire as shimCreateRequire } from "node:module"',
  'import { dirname as shimDirname } from "node:path"',
  'import { fileURLToPath as shimFileURLToPath } from "node:url"',
  'const require = shimCreateRequire(import.meta.url)',
  'const __filename = shimFileURLToPath(import.meta.url)',
  'const __dirname = shimDirname(__filename)',
].join('\n')

const COMMON: BuildOptions = {
  platform: 'node',
  format: 'esm',
  bundle: true,
  mainFields: ['module', 'main'],
  logLevel: 'error',
  banner: { js: COMMONJS_NAMES },
}

/** What is loaded from node_modules as it is: Pulumi must be the one instance that is mocked, the rest is large. */
const EXTERNAL = [
  '@pulumi/*',
  '@pulumiverse/*',
  '@sst-provider/*',
  '@aws-sdk/*',
  'archiver',
  'esbuild',
  'glob',
  'undici',
  'vite',
]

/**
 * Bundles SST's components once, with what its command puts into a program's scope: `sst`, the providers, and the names that begin with `$`.
 * Returns the file.
 */
export async function bundleComponents(directory: string): Promise<string> {
  const providers: readonly { readonly alias: string; readonly package: string }[] = JSON.parse(
    readFileSync(PROVIDER_LOCK, 'utf8'),
  )
  const source = (file: string) => JSON.stringify(path.join(PLATFORM, 'src', file))
  const outfile = path.join(directory, 'components.mjs')
  mkdirSync(directory, { recursive: true })
  await build({
    ...COMMON,
    outfile,
    external: EXTERNAL,
    stdin: {
      resolveDir: PLATFORM,
      sourcefile: 'scope.ts',
      loader: 'ts',
      contents: [
        `import * as sst from ${source('components/index.ts')}`,
        ...providers.map((each) => `import * as ${each.alias} from "${each.package}"`),
        `import * as shim from ${source('shim/run.js')}`,
        `export { run } from ${source('auto/run.ts')}`,
        `export const scope = { sst, ${providers.map((each) => each.alias).join(', ')}, ...shim }`,
      ].join('\n'),
    },
  })
  return outfile
}

/** Bundles the configuration at `root` with its infra, nothing of SST. Returns the file. */
export async function bundleConfiguration(root: string, outfile: string): Promise<string> {
  await build({
    ...COMMON,
    outfile,
    entryPoints: [path.join(root, 'sst.config.ts')],
    nodePaths: [path.join(ROOT, 'node_modules')],
    sourcemap: 'inline',
  })
  return outfile
}
