import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { COMMONJS_NAMES } from './commonjs-names.ts'
import { PLATFORM, PROVIDER_LOCK, ROOT } from './materialise-platform.ts'

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

/** Bundles the configuration at `root` with its infra, nothing of SST and no provider: they are the ones that are mocked. Returns the file. */
export async function bundleConfiguration(root: string, outfile: string): Promise<string> {
  await build({
    ...COMMON,
    outfile,
    entryPoints: [path.join(root, 'sst.config.ts')],
    external: EXTERNAL,
    nodePaths: [path.join(ROOT, 'node_modules')],
    sourcemap: 'inline',
  })
  return outfile
}
