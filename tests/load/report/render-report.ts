import { escapeHtml } from './escape-html.ts'
import { formatNumber } from './format-number.ts'
import { percentileCells, scenarioSection, verdictOf } from './scenario-section.ts'
import { SCENARIO_TEXTS } from './scenario-texts.ts'
import { STYLE } from './style.ts'
import type { LoadSummary, ScenarioSummary } from './summary.ts'

/** Makes the report: one page that needs nothing but itself. Its policy forbids scripts and every connection. */
export function renderReport(summary: LoadSummary): string {
  const verdict = summary.pass ? 'PASS' : 'FAIL'
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Thingpass under load: ${verdict}</title>
<style>${STYLE}</style>
</head>
<body><main>
<h1>Thingpass under load <span class="verdict ${verdict}">${verdict}</span></h1>
${factsOf(summary)}
${overviewOf(summary)}
${summary.scenarios.map(scenarioSection).join('\n')}
</main></body>
</html>
`
}

function factsOf(summary: LoadSummary): string {
  const { madeAt, command, target, machine, versions, devices, perSecond } = summary
  const shared = summary.sharesMachine
    ? 'Devices and server shared this machine: times and rates say as much of the devices as of the server, and of whatever else ran.'
    : 'The devices ran on this machine, the server elsewhere: times include the network.'
  return `<p>${formatNumber(devices)} devices against ${escapeHtml(target)}, ${formatNumber(perSecond)} visits per second; ${escapeHtml(madeAt)}.</p>
<p class="soft">${machine.cores} cores (${escapeHtml(machine.model)}), ${escapeHtml(machine.platform)}, Node ${escapeHtml(versions.node)}, artillery ${escapeHtml(versions.artillery)}. ${shared} No threshold is a time.</p>
<p><code>${escapeHtml(command)}</code></p>`
}

function overviewOf({ scenarios }: LoadSummary): string {
  return `<div class="scroll"><table>
<thead>
<tr><th></th><th></th><th></th><th></th><th></th><th class="span" colspan="3">answer on an open connection</th><th class="span" colspan="3">whole session</th><th></th><th></th></tr>
<tr><th>scenario</th><th class="number">requests</th><th class="number">served</th><th class="number">refused</th><th class="number">failed</th>${'<th class="number">p50</th><th class="number">p95</th><th class="number">p99</th>'.repeat(2)}<th class="number">server, cores</th><th>verdict</th></tr>
</thead>
<tbody>${scenarios.map(overviewRow).join('\n')}</tbody></table></div>`
}

function overviewRow(scenario: ScenarioSummary): string {
  const { name, answers, answerMs, sessionMs, cpu } = scenario
  const count = (belongs: (answer: string) => boolean) =>
    Object.entries(answers).reduce((sum, [answer, each]) => sum + (belongs(answer) ? each : 0), 0)
  const served = count((answer) => answer === '200')
  const refused = count((answer) => answer.startsWith('4'))
  const all = count(() => true)
  const numbers = [all, served, refused, all - served - refused]
  const cores = cpu.flatMap(({ server }) => server ?? [])
  const average = cores.reduce((sum, each) => sum + each, 0) / cores.length
  const verdict = verdictOf(scenario)
  return `<tr><th scope="row"><a href="#${name}">${escapeHtml(SCENARIO_TEXTS[name].title)}</a></th>${numbers.map((value) => `<td class="number">${formatNumber(value)}</td>`).join('')}${percentileCells(answerMs)}${percentileCells(sessionMs)}<td class="number">${cores.length === 0 ? '' : average.toFixed(2)}</td><td class="verdict ${verdict}">${verdict}</td></tr>`
}
