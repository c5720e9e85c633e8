import document from './prices.json' with { type: 'json' }

/** What is charged for. */
export type Priced = keyof typeof document.prices

/** US dollars for one unit of each. */
export const PRICES = Object.fromEntries(
  Object.entries(document.prices).map(([name, { usd }]) => [name, usd]),
) as Readonly<Record<Priced, number>>

/** Where and when these prices were. */
export const PRICE_LIST = { region: document.region, asOf: document.asOf } as const
