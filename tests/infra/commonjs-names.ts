/**
 * Names of CommonJS that bundled dependencies expect in an ES module, in the very words that SST puts before a bundle.
 * Source: sst 4.17.1, pkg/runtime/node/build.go.
 */
export const COMMONJS_NAMES = [
  "import { createRequire as topLevelCreateRequire } from 'module';",
  'const require = topLevelCreateRequire(import.meta.url);',
  'import { fileURLToPath as topLevelFileUrlToPath, URL as topLevelURL } from "url"',
  'const __filename = topLevelFileUrlToPath(import.meta.url)',
  'const __dirname = topLevelFileUrlToPath(new topLevelURL(".", import.meta.url))',
].join('\n')
