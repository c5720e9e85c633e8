import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { SCENARIO_NAMES } from '../scenarios/scenario.ts'
import { answerColour, drawBars } from './bars.ts'
import { describeScenario } from './describe-scenario.ts'
import { escapeHtml } from './escape-html.ts'
import { formatMs, formatNumber } from './format-number.ts'
import { drawPlot, ticksUpTo } from './plot.ts'
import { renderReport } from './render-report.ts'
import { type LoadSummary, passes } from './summary.ts'

let recorded: LoadSummary
let page: string
beforeAll(async () => {
  const url = new URL('../cases/recorded-summary.json', import.meta.url)
  recorded = JSON.parse(await readFile(url, 'utf8'))
  page = renderReport(recorded)
})

const scenarioOf = (name: string) => recorded.scenarios.find((each) => each.name === name)!
const sectionOf = (html: string, name: string) =>
  html.split('<section').find((part) => part.includes(`id="${name}"`)) ?? ''

describe('the report of a recorded run', () => {
  test('is a whole page with a section for each of the five scenarios', () => {
    expect(page).toMatch(/^<!doctype html>\n/)
    expect(page).toMatch(/<\/html>\n$/)
    expect([...page.matchAll(/<section id="([a-z-]+)">/g)].map(([, id]) => id)).toEqual([
      ...SCENARIO_NAMES,
    ])
  })

  test('needs nothing but itself: no script, no link, no address but anchors of its own', () => {
    expect(page).not.toMatch(/<(?:script|link|img|iframe|object|embed|base)\b/)
    expect(page).not.toMatch(/\bsrc=|url\(|@import|\son[a-z]+=/)
    expect(page).not.toContain('://')
    expect([...page.matchAll(/href="([^"]*)"/g)].every(([, to]) => to?.startsWith('#'))).toBe(true)
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
  })

  test('closes every tag that it opens', () => {
    const open: string[] = []
    for (const [, closing, tag = '', rest = ''] of page.matchAll(
      /<(\/?)([a-z][a-z0-9]*)([^>]*)>/g,
    )) {
      if (['meta', 'br'].includes(tag) || rest.endsWith('/')) continue
      if (closing === '') open.push(tag)
      else expect(open.pop()).toBe(tag)
    }
    expect(open).toEqual([])
  })

  test('shows every threshold with what was required, what was measured, and the verdict', () => {
    for (const { name, thresholds } of recorded.scenarios) {
      const section = sectionOf(page, name)
      for (const { name: threshold, required, measured } of thresholds) {
        const row = `<th scope="row">${escapeHtml(threshold)}</th><td>${escapeHtml(required)}</td><td>${escapeHtml(measured)}</td><td class="verdict PASS">PASS</td>`
        expect(section).toContain(row)
      }
    }
  })

  test('plots answer time, session length, answers, processor time and lateness of each', () => {
    for (const name of SCENARIO_NAMES) {
      const section = sectionOf(page, name)
      expect(
        [...section.matchAll(/<svg [^>]*aria-label="([^"]+)"/g)].map(([, label]) => label),
      ).toEqual([
        'Answer time, without handshake, ms',
        'Session length, handshake included, ms',
        'Answers, per second',
        'Processor time in use, cores',
        'Lateness of the server’s event loop, p99, ms',
      ])
    }
  })

  test('shows refusals by true reason, and when the gateway was back', () => {
    for (const reason of Object.keys(scenarioOf('bad-devices').reasons ?? {})) {
      expect(sectionOf(page, 'bad-devices')).toContain(`<th scope="row">${reason}</th>`)
    }
    expect(sectionOf(page, 'storm')).toContain('>gateway is back</text>')
    expect(sectionOf(page, 'boot')).not.toContain('gateway is back')
  })

  test('holds no number that is none', () => {
    expect(page).not.toMatch(/NaN|Infinity|undefined|null/)
  })

  test('names machine, versions and the command to do it again', () => {
    expect(page).toContain(escapeHtml(recorded.command))
    expect(page).toContain(
      `Node ${recorded.versions.node}, artillery ${recorded.versions.artillery}`,
    )
    expect(page).toContain('Devices and server shared this machine')
  })
})

test('a threshold that does not hold fails its scenario and the page, wherever it stands', () => {
  const scenarios = recorded.scenarios.map((scenario) => ({
    ...scenario,
    thresholds: scenario.thresholds.map((each) =>
      each.name === 'quiet tenant: refused with 429'
        ? { ...each, measured: '3', pass: false }
        : each,
    ),
  }))
  expect(passes(scenarios)).toBe(false)
  const failing = renderReport({ ...recorded, scenarios, pass: passes(scenarios) })
  expect(failing).toContain('<title>Thingpass under load: FAIL</title>')
  expect(sectionOf(failing, 'noisy-tenant')).toMatch(/<h2>Noisy tenant <span class="verdict FAIL">/)
  expect(sectionOf(failing, 'boot')).toMatch(/<h2>Boot <span class="verdict PASS">/)
})

test('nothing passes without a threshold', () => {
  expect(passes([])).toBe(false)
  expect(passes([{ thresholds: [] }])).toBe(false)
})

test('what a server or a machine calls itself is text', () => {
  const hostile = '<script>alert("&\'")</script>'
  const boot = scenarioOf('boot')
  const html = renderReport({
    ...recorded,
    ...{ command: hostile, target: hostile, madeAt: hostile },
    machine: { ...recorded.machine, model: hostile, platform: hostile },
    versions: { node: hostile, artillery: hostile },
    scenarios: [
      {
        ...boot,
        ...{ startedAt: hostile, answers: { [hostile]: 1 }, reasons: { [hostile]: 2 } },
        marks: [{ second: 1, label: hostile }],
        groups: [{ name: hostile, requests: 1 }],
        thresholds: [{ name: hostile, required: hostile, measured: hostile, pass: true }],
      },
    ],
  })
  expect(html).not.toContain('<script')
  expect(
    html.split('&lt;script&gt;alert(&quot;&amp;&#39;&quot;)&lt;/script&gt;').length,
  ).toBeGreaterThan(14)
})

test('an endpoint elsewhere is shown as one, without what only a local stack can tell', () => {
  const { reasons: _, ...boot } = scenarioOf('boot')
  const html = renderReport({
    ...{ ...recorded, target: 'https://example', sharesMachine: false },
    scenarios: [{ ...boot, cpu: [], lag: [] }],
  })
  expect(html).toContain('the server elsewhere')
  expect(html).not.toContain('true reason')
  expect(html).not.toContain('Lateness')
  expect(html).toContain('not measured')
  expect(html).not.toContain('NaN')
})

describe('the sentences about', () => {
  test('a steady fleet say how its requests were connected', () => {
    const connections = { full: 1, resumed: 2, kept: 1 }
    expect(describeScenario({ ...scenarioOf('steady'), connections })).toContain(
      '25 % went over a connection that was kept, 50 % over one that resumed its TLS session, 25 %',
    )
    expect(describeScenario({ ...scenarioOf('steady'), connections: {} })).toContain('0 %')
  })

  test('a storm without an outage do not speak of one', () => {
    const { servedAfterMs: _, ...storm } = scenarioOf('storm').storm!
    const text = describeScenario({ ...scenarioOf('storm'), storm })
    expect(text).toContain('told to come back')
    expect(text).not.toContain('refused')
  })
})

describe('a plot', () => {
  const line = (...values: readonly (number | undefined)[]) => ({
    ...{ name: 'a', colour: 1 },
    points: values.map((y, x) => ({ x, y })),
  })
  const plot = (...values: readonly (number | undefined)[]) =>
    drawPlot({ title: 't', unit: 'ms', seconds: 4, lines: [line(...values)] })

  test('is broken where nothing was measured, and shows a lone value as a dot', () => {
    expect(plot(1, 2, undefined, 3, 4).match(/<path class="line/g)).toHaveLength(2)
    expect(plot(1, undefined, 3).match(/<circle/g)).toHaveLength(2)
  })

  test('without a value says so', () => {
    expect(plot(undefined)).toContain('not measured')
    expect(plot()).not.toContain('<svg')
  })

  test('of nothing but zeros is a line on the ground', () => {
    expect(plot(0, 0)).toContain('<path class="line c1" d="M52,172 L166,172">')
  })

  test('puts the largest value at or below the top', () => {
    expect(plot(0, 8)).toContain('d="M52,172 L166,12"')
  })
})

const ticks: [most: number, expected: number[]][] = [
  [0, [0, 1]],
  [Number.NaN, [0, 1]],
  [1, [0, 0.25, 0.5, 0.75, 1]],
  [4, [0, 1, 2, 3, 4]],
  [4.1, [0, 2, 4, 6]],
  [7, [0, 2, 4, 6, 8]],
  [0.03, [0, 0.01, 0.02, 0.03]],
  [1234, [0, 500, 1000, 1500]],
]
test.each(ticks)('up to %d there are the ticks %j', (most, expected) => {
  expect(ticksUpTo(most)).toEqual(expected)
})

test('bars are the largest first, and none are said to be none', () => {
  const html = drawBars([
    { title: 'a', counts: { few: 1, many: 200 }, colourOf: () => 1 },
    { title: 'b', counts: {}, colourOf: () => 1 },
  ])
  expect(html.indexOf('many')).toBeLessThan(html.indexOf('few'))
  expect(html).toContain('width="100"')
  expect(html).toContain('width="1"')
  expect(html).toContain('none')
})

test.each([
  ['200', 1],
  ['429', 2],
  ['503', 2],
  ['403', 3],
  ['500', 4],
  ['ECONNRESET', 4],
])('the answer %s has colour %i', (answer, colour) => {
  expect(answerColour(answer)).toBe(colour)
})

test.each([
  [1.25, '1.3 ms', '1.25'],
  [9.96, '10.0 ms', '9.96'],
  [42.4, '42 ms', '42.4'],
  [0.5, '0.5 ms', '0.5'],
  [1234, '1.2 s', '1,234'],
])('%d is %s, or %s', (value, time, number) => {
  expect(formatMs(value)).toBe(time)
  expect(formatNumber(value)).toBe(number)
})
