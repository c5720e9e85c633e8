import { glob, readFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { idsIn } from './coverage.ts'

const SOURCES = ['packages/*/src/**/*.ts', 'functions/**/*.ts', 'tests/**/*.ts']
/** The lanes of `npm test`: slow and enforcement tests are no part of it. */
const TEST_FILE = /(?<!\.slow)\.test\.ts$/
const RELATIVE_IMPORT = /(?:from|import) '(\.{1,2}\/[^']+)'/g

/**
 * Finds the test files whose titles may name a threat: those that hold an id, or load a file that does; a table of cases may lie beside
 * its test. Paths from the root, in order.
 */
export async function findCandidateFiles(root: string): Promise<readonly string[]> {
  const texts = await readSources(root)
  return [...texts.keys()]
    .filter((file) => TEST_FILE.test(file) && reaches(texts, file, new Set()))
    .toSorted()
}

async function readSources(root: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>()
  for await (const file of glob(SOURCES, { cwd: root, exclude: ['**/node_modules/**'] })) {
    texts.set(file.replaceAll('\\', '/'), await readFile(join(root, file), 'utf8'))
  }
  return texts
}

/** Whether a file, or one that it loads by a relative path, holds an id. */
function reaches(texts: ReadonlyMap<string, string>, file: string, seen: Set<string>): boolean {
  const text = texts.get(file)
  if (text === undefined || seen.has(file)) return false
  seen.add(file)
  if (idsIn(text).length > 0) return true
  return [...text.matchAll(RELATIVE_IMPORT)].some(([, path]) =>
    reaches(texts, normalize(join(dirname(file), path ?? '')), seen),
  )
}
