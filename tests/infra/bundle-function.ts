import path from 'node:path'
import { build } from 'esbuild'
import { COMMONJS_NAMES } from './commonjs-names.ts'
import { ROOT } from './materialise-platform.ts'

/**
 * Bundles a handler as SST does for `nodejs24.x`, ESM, minified; returns the code. `infra:diff` shows that SST's own bundler makes the same bytes.
 * Source: sst 4.17.1, pkg/runtime/node/build.go.
 */
export async function bundleFunction(handler: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(ROOT, `${handler.replace(/\.[^.]+$/, '')}.ts`)],
    absWorkingDir: ROOT,
    outfile: path.join(ROOT, '.sst/bundle.mjs'),
    write: false,
    platform: 'node',
    bundle: true,
    format: 'esm',
    target: 'es2024',
    mainFields: ['module', 'main'],
    external: ['sharp', 'pg-native'],
    keepNames: true,
    minify: true,
    banner: { js: `${COMMONJS_NAMES}\n` },
    logLevel: 'error',
  })
  return outputFiles[0]?.text ?? ''
}
