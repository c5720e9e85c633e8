import type { Percentiles } from '../measure/percentiles.ts'
import { answerColour, type Bars, drawBars } from './bars.ts'
import { describeScenario } from './describe-scenario.ts'
import { escapeHtml } from './escape-html.ts'
import { formatMs, formatNumber } from './format-number.ts'
import { drawPlot, type PlotLine } from './plot.ts'
import { SCENARIO_TEXTS } from './scenario-texts.ts'
import type { Group, ScenarioSummary } from './summary.ts'
import { passes } from './summary.ts'

/** The part of the page that shows one scenario. */
export function scenarioSection(scenario: ScenarioSummary): string {
  const { title, about } = SCENARIO_TEXTS[scenario.name]
  return `<section id="${scenario.name}">
<h2>${escapeHtml(title)} <span class="verdict ${verdictOf(scenario)}">${verdictOf(scenario)}</span></h2>
<p>${escapeHtml(about)}</p>
<p class="soft">${escapeHtml(describeScenario(scenario))}</p>
${thresholdTable(scenario)}
${groupTable(scenario)}
<div class="plots">
${plotsOf(scenario).join('\n')}
</div>
</section>`
}

/** A scenario's verdict, as it is shown. */
export function verdictOf(scenario: Pick<ScenarioSummary, 'thresholds'>): 'PASS' | 'FAIL' {
  return passes([scenario]) ? 'PASS' : 'FAIL'
}

function thresholdTable({ thresholds }: ScenarioSummary): string {
  const rows = thresholds.map(({ name, required, measured, pass }) => {
    const verdict = pass ? 'PASS' : 'FAIL'
    return `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(required)}</td><td>${escapeHtml(measured)}</td><td class="verdict ${verdict}">${verdict}</td></tr>`
  })
  return `<h3>What has to hold</h3>
<div class="scroll"><table><thead><tr><th>threshold</th><th>required</th><th>measured</th><th>verdict</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>`
}

/** Percentiles as cells of a table; empty where nothing was measured. */
export function percentileCells(times: Percentiles | undefined): string {
  const cells = [times?.p50, times?.p95, times?.p99]
  return cells
    .map((value) => `<td class="number">${value === undefined ? '' : formatMs(value)}</td>`)
    .join('')
}

function groupTable({ groups }: ScenarioSummary): string {
  if (groups.length === 0) return ''
  const row = ({ name, requests, answerMs, sessionMs }: Group) =>
    `<tr><th scope="row">${escapeHtml(name)}</th><td class="number">${formatNumber(requests)}</td>${percentileCells(answerMs)}${percentileCells(sessionMs)}</tr>`
  return `<h3>Told apart</h3>
<div class="scroll"><table><thead>
<tr><th></th><th></th><th class="span" colspan="3">answer on an open connection</th><th class="span" colspan="3">whole session</th></tr>
<tr><th></th><th class="number">requests</th>${'<th class="number">p50</th><th class="number">p95</th><th class="number">p99</th>'.repeat(2)}</tr></thead>
<tbody>${groups.map(row).join('\n')}</tbody></table></div>`
}

function plotsOf(scenario: ScenarioSummary): readonly string[] {
  const { seconds, marks } = scenario
  const frame = { seconds, marks }
  return [
    drawPlot({
      title: 'Answer time, without handshake',
      unit: 'ms',
      ...frame,
      lines: percentileLines(scenario, 'answerMs'),
    }),
    drawPlot({
      title: 'Session length, handshake included',
      unit: 'ms',
      ...frame,
      lines: percentileLines(scenario, 'sessionMs'),
    }),
    drawPlot({ title: 'Answers', unit: 'per second', ...frame, lines: answerLines(scenario) }),
    drawPlot({
      title: 'Processor time in use',
      unit: 'cores',
      ...frame,
      lines: cpuLines(scenario),
    }),
    ...(scenario.lag.length > 0
      ? [
          drawPlot({
            title: 'Lateness of the server’s event loop, p99',
            unit: 'ms',
            ...frame,
            lines: [lagLine(scenario)],
          }),
        ]
      : []),
    drawBars(countsOf(scenario)),
  ]
}

function countsOf({ answers, reasons, connections }: ScenarioSummary): readonly Bars[] {
  return [
    { title: 'Answers by status', counts: answers, colourOf: answerColour },
    ...(reasons === undefined
      ? []
      : [
          {
            title: 'Refusals and faults by true reason (audit)',
            counts: reasons,
            colourOf: () => 3,
          },
        ]),
    { title: 'Requests by connection', counts: connections, colourOf: () => 5 },
  ]
}

function percentileLines(
  { series, bucketSeconds }: ScenarioSummary,
  which: 'answerMs' | 'sessionMs',
): readonly PlotLine[] {
  const line = (name: 'p50' | 'p95' | 'p99', colour: number): PlotLine => ({
    ...{ name, colour },
    points: series.map((point) => ({
      x: point.second + bucketSeconds / 2,
      y: point[which]?.[name],
    })),
  })
  return [line('p99', 4), line('p95', 2), line('p50', 5)]
}

function answerLines({ series, bucketSeconds, answers }: ScenarioSummary): readonly PlotLine[] {
  const perSecond = (count: number) => count / bucketSeconds
  return Object.keys(answers).map((answer) => ({
    name: answer,
    colour: answerColour(answer),
    filled: true,
    points: series.map((point) => ({
      x: point.second + bucketSeconds / 2,
      y: perSecond(point.answers[answer] ?? 0),
    })),
  }))
}

const CPU_PARTS = [
  ['machine', 'whole machine', 6],
  ['server', 'server', 5],
  ['engine', 'embedded DynamoDB', 3],
  ['clients', 'devices (artillery)', 2],
] as const

function cpuLines({ cpu, seconds }: ScenarioSummary): readonly PlotLine[] {
  const within = cpu.filter(({ second }) => second >= 0 && second <= seconds)
  return CPU_PARTS.map(([part, name, colour]) => ({
    ...{ name, colour },
    points: within.map((point) => ({ x: point.second, y: point[part] })),
  }))
}

function lagLine({ lag, seconds }: ScenarioSummary): PlotLine {
  const within = lag.filter(({ second }) => second >= 0 && second <= seconds)
  return {
    name: 'lateness',
    colour: 3,
    points: within.map(({ second, p99Ms }) => ({ x: second, y: p99Ms })),
  }
}
