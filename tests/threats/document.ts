import { type Coverage, cover, idsIn, statusOf, type TestResult } from './coverage.ts'
import type { Threat } from './threat.ts'

/** Titles that are shown of one file; a table of cases has many more. */
const SHOWN_TITLES = 6

const HEAD = `# Threats and the tests that hold them off

Written by \`npm run threats\`, which runs every file named here; \`npm run threats -- --check\` fails when this page is stale, when a threat
that applies has no test, or when a title names a threat that is not in the list. The list is \`tests/threats/threat-list.ts\`. Letters
are STRIDE's. An open threat is not met: what it threatens is not there yet.
`

/** Writes the page about all threats. Equal results give equal pages. */
export function renderThreats(threats: readonly Threat[], tests: readonly TestResult[]): string {
  const coverages = cover(threats, tests)
  const rows = coverages.map((coverage) => {
    const { id, stride, attack } = coverage.threat
    const count = coverage.tests.length === 0 ? '' : String(coverage.tests.length)
    return `| [${id}](#${id.toLowerCase()}) | ${stride} | ${attack} | ${statusOf(coverage)} | ${count} |`
  })
  const table = ['|  |  | attack | status | tests |', '|---|---|---|---|---|', ...rows].join('\n')
  return [HEAD, `${table}\n`, ...coverages.map(section)].join('\n')
}

function section(coverage: Coverage): string {
  const { id, attack, defence, files, state } = coverage.threat
  const places = files.length === 0 ? '' : ` (${files.map((file) => `\`${file}\``).join(', ')})`
  const reason = state.kind === 'applies' ? '' : `: ${state.reason}`
  return [
    `## ${id}\n`,
    `* Attack: ${attack}.`,
    `* Defence: ${defence}${places}.`,
    `* Status: ${statusOf(coverage)}${reason}.`,
    ...testLines(coverage),
    '',
  ].join('\n')
}

function testLines({ threat, tests }: Coverage): readonly string[] {
  const byFile = Map.groupBy(tests, ({ file }) => file)
  return [...byFile].flatMap(([file, ofFile]) => {
    const titles = [...new Set(ofFile.map(({ name }) => titleOf(name, threat.id)))]
    const failing = ofFile.filter(({ passed }) => !passed).length
    const counted = `${ofFile.length} ${ofFile.length === 1 ? 'test' : 'tests'}`
    const left = titles.length - SHOWN_TITLES
    return [
      `* \`${file}\`: ${counted}${failing === 0 ? '' : `, ${failing} failing`}`,
      ...titles.slice(0, SHOWN_TITLES).map((title) => `  * ${plain(title)}`),
      ...(left > 0 ? [`  * and ${left} more`] : []),
    ]
  })
}

/** The title that carries the id, without it: of a described group the group's own. */
function titleOf(name: string, id: string): string {
  const part = name.split(' > ').find((title) => idsIn(title).includes(id)) ?? name
  return part.replace(new RegExp(`^${id}: `), '')
}

/** Text as Markdown shows it, in one line: titles hold whatever a test is about. */
function plain(text: string): string {
  const visible = text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, '\u{fffd}')
  return visible.replace(/[\\`*_{}[\]<>|#~]/g, '\\$&')
}
