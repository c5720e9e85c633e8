/**
 * Stands in every fake secret of tests, so that what a run prints can be searched for all of them at once. It is of letters and digits
 * alone: no encoding of XML, JSON, URLs or headers changes it.
 */
export const SECRET_MARKER = 'c4n4rysecret'

/** Makes a fake secret. */
export function fakeSecret(name: string): string {
  return `${SECRET_MARKER}0${name}0${'x'.repeat(12)}`
}
