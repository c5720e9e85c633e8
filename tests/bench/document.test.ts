import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { replaceGenerated } from './document.ts'

const page = readFileSync(new URL('../../docs/performance.md', import.meta.url), 'utf8')

test('the figures are replaced, and nothing around them', () => {
  const once = replaceGenerated(page, 'figures of May')
  const twice = replaceGenerated(once, 'figures of June')
  expect(twice).toBe(replaceGenerated(page, 'figures of June'))
  expect(twice).not.toContain('May')
  const without = (text: string) =>
    text.replace(/(<!-- bench: what.*?-->)[\s\S]*(<!-- bench: end -->)/, '$1$2')
  expect(without(twice)).toBe(without(page))
})

test.each([
  ['no section', 'text'],
  ['a section without an end', page.replace('<!-- bench: end -->', '')],
  ['two sections', `${page}${page}`],
])('a document with %s is refused', (_, document) => {
  expect(() => replaceGenerated(document, 'x')).toThrow('no single section')
})

test('the text around the figures has none of its own: no milliseconds, rates or ratios that a run did not print', () => {
  const text = page.replace(/<!-- bench: what[\s\S]*<!-- bench: end -->/, '')
  const measured = text.match(/\d[\d.,]*\s?(?:µs|ms|s\b|\/s|MB|KB|×|%)/g) ?? []
  // Limits, and settings of the bench, are not measurements.
  const limits = [
    '1.1 ×',
    '1.2 ×',
    '0.6 ×',
    '0.35 ×',
    '0.8 ×',
    '0.5 ×',
    '0.9 ×',
    '0.75 ×',
    '10 ms',
    '95 %',
  ]
  expect(measured.filter((figure) => !limits.includes(figure))).toEqual([])
})
