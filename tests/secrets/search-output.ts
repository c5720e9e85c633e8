import { readFileSync } from 'node:fs'
import { SECRET_MARKER } from './secret-marker.ts'
import { createSecretSearch } from './secret-search.ts'

/** Fake secrets that do not carry the marker. */
const OTHER_FAKES = [
  ...['fake-secret-', 'fake-token-', 'canary-secret', 'canary-token', 'canary-pem'],
  ...['not-to-be-seen', 'secret-of-default', 'secret-of-acme', 'secret-of-beta'],
]

/** Searches files of captured output for every fake secret of tests and for PEM; the lines to print, one per leak. */
export function searchFiles(files: readonly string[]): readonly string[] {
  const search = createSecretSearch(
    [SECRET_MARKER, ...OTHER_FAKES].map((value) => ({ name: value, value })),
  )
  return files.flatMap((file) =>
    search(readFileSync(file, 'utf8')).map(
      ({ name, form, line }) => `${file}:${line}: ${name}, as ${form}`,
    ),
  )
}
