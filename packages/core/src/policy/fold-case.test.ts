import { expect, test } from 'vitest'
import { foldCase } from './fold-case.ts'

test.each([
  ['AZaz09_:*?$', 'azaz09_:*?$'],
  ['ÄBC😀', 'äbc😀'],
  ['ſ\u212a\u0131', 'ski'],
  ['ΟΣ ος', 'οσ οσ'],
  ['ẞß', 'ssss'],
  ['ﬁ', 'fi'],
  ['𐐀', '𐐨'],
  ['\ud800A', '\ud800a'],
])('folds %j to %j', (text, folded) => {
  expect(foldCase(text)).toBe(folded)
})

test('is done once and for all', () => {
  const characters = Array.from({ length: 0x20000 }, (_, point) => String.fromCodePoint(point))
  const unstable = characters.filter((character) => {
    const folded = foldCase(character)
    return foldCase(folded) !== folded || foldCase(character.toUpperCase()) !== folded
  })
  expect(unstable).toEqual([])
})
