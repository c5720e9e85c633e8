import { describe, expect, test } from 'vitest'
import { renderPlot } from './plot.ts'
import type { Limit, Row, Section } from './row.ts'

const row = (section: Section, what: string, value: number, limit?: Limit): Row => ({
  ...{ section, what, unit: 'ms', ours: value, base: 1 },
  ratio: { value, low: value * 0.9, high: value * 1.1 },
  ...(limit === undefined ? {} : { limit }),
})
const atMost = (value: number): Limit => ({ kind: 'atMost', value })
const atLeast = (value: number): Limit => ({ kind: 'atLeast', value })

const rows = [
  row('a', 'cold & <first>', 1.18, atMost(1.1)),
  row('b', 'warm', 0.4, { ...atMost(0.35), goal: true }),
  row('e', 'gateway', 0.93, atLeast(0.8)),
  row('a', 'no limit', 1),
  row('f', 'table', 1, atMost(1)),
]
const plot = renderPlot(rows)

const numbers = (pattern: RegExp, text = plot) =>
  [...text.matchAll(pattern)].map(([, value]) => Number(value))

describe('the plot', () => {
  test('has a dot for each ratio with a limit, and none for the size of the table', () => {
    expect(numbers(/<circle[^>]* cx="([\d.]+)"/g)).toHaveLength(3)
    expect(plot).not.toContain('no limit')
    expect(plot).not.toContain('table')
  })

  test('draws a larger ratio further right, on one scale with the limits and the axis', () => {
    const [cold = 0, warm = 0, gateway = 0] = numbers(/<circle[^>]* cx="([\d.]+)"/g)
    const [coldLimit = 0] = numbers(/<line class="limit" x1="([\d.]+)"/g)
    const [one = 0] = numbers(/<line class="one" x1="([\d.]+)"/g)
    expect(warm).toBeLessThan(gateway)
    expect(gateway).toBeLessThan(one)
    expect(one).toBeLessThan(coldLimit)
    expect(coldLimit).toBeLessThan(cold)
    const [zero = 0] = numbers(/<line class="grid" x1="([\d.]+)"/g)
    expect((cold - zero) / (one - zero)).toBeCloseTo(1.18, 2)
  })

  test('shades what is within the limit: up to an upper one, from a lower one on', () => {
    const left = numbers(/<rect class="room" x="([\d.]+)"/g)
    const width = numbers(/<rect class="room"[^>]* width="([\d.]+)"/g)
    const limits = numbers(/<line class="limit" x1="([\d.]+)"/g)
    expect(left[0]! + width[0]!).toBeCloseTo(limits[0]!, 0)
    expect(left[2]).toBeCloseTo(limits[2]!, 0)
  })

  test('says the result in words, not by colour alone', () => {
    expect([...plot.matchAll(/>(met|missed)</g)].map(([, word]) => word)).toEqual([
      'missed',
      'missed',
      'met',
    ])
    expect(plot).toContain('≤ 0.35 (goal)')
  })

  test('keeps everything inside its frame, also a ratio far beyond its limit', () => {
    const wide = renderPlot([row('e', 'far off', 7.5, atLeast(0.5)), ...rows])
    const frame = numbers(/viewBox="0 0 (\d+)/g, wide)[0]!
    for (const x of numbers(/ (?:x|x1|x2|cx)="([\d.]+)"/g, wide)) expect(x).toBeLessThan(frame)
    expect(wide).not.toContain('NaN')
  })

  test('has room for the longest label: 13 px letters are 7 px wide on average', () => {
    const label = 'cold: INIT and first credential, credentials-lean (ms)'
    const [end = 0] = numbers(/<text class="text" x="([\d.]+)"[^>]* text-anchor="end"/g)
    expect(end).toBeGreaterThan(label.length * 6.5)
  })

  test('is readable in light and in dark, on a ground of its own', () => {
    expect(plot).toContain('prefers-color-scheme: dark')
    expect(plot).toContain('class="ground"')
  })

  test('writes texts as text', () => {
    expect(plot).toContain('cold &amp; &lt;first>')
  })
})
