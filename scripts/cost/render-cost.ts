import type { CostLine } from './monthly-cost.ts'
import { totalOf } from './monthly-cost.ts'
import { PRICE_LIST } from './prices.ts'

/** Writes the lines of a bill as a table, its sum below. */
export function renderCost(title: string, lines: readonly CostLine[]): string {
  const rows = lines.map(({ what, quantity, priced, usd }) => [
    what,
    amount(quantity),
    priced,
    dollars(usd),
  ])
  const all = [...rows, ['together', '', '', dollars(totalOf(lines))]]
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...all.map((row) => row[column]?.length ?? 0)),
  )
  const text = all.map(([what = '', quantity = '', priced = '', usd = '']) =>
    [
      what.padEnd(widths[0] ?? 0),
      quantity.padStart(widths[1] ?? 0),
      priced.padEnd(widths[2] ?? 0),
      usd.padStart(widths[3] ?? 0),
    ].join('  '),
  )
  return `${title}\n${text.map((row) => `  ${row}`).join('\n')}\n`
}

/** Says which prices these are. */
export const priceNote = (): string =>
  `List prices of ${PRICE_LIST.region} as of ${PRICE_LIST.asOf} (scripts/cost/prices.json), without free tiers, tax and data transfer.\n`

const amount = (quantity: number): string =>
  quantity.toLocaleString('en-US', { maximumFractionDigits: quantity < 100 ? 2 : 0 })

const dollars = (usd: number): string => `$${usd.toFixed(2)}`
