import { isJsonArray, isJsonObject, type JsonValue, parseJson } from '@thingpass/core/policy/json'
import { runDecisionRow } from './decision-row.ts'
import { runRenderingRow } from './rendering-row.ts'
import { failed, type RowResult } from './row-result.ts'

/** A row that ran, under the name that its file gives it. */
export type NamedResult = {
  readonly name: string
  /** An advisory row is reported and never counts. */
  readonly advisory: boolean
  readonly result: RowResult
}

/** The rows of a file, or why it cannot be read as rows. */
export type RowsRun =
  | { readonly ok: true; readonly results: readonly NamedResult[] }
  | { readonly ok: false; readonly problem: string }

/** Runs a JSON array of rows: one with `template` is a rendering row, any other a decision row. */
export function runRows(text: string): RowsRun {
  const json = parseJson(text)
  if (!json.ok) return json
  if (!isJsonArray(json.value)) return { ok: false, problem: 'the file is no JSON array of rows' }
  if (json.value.length === 0) return { ok: false, problem: 'the file holds no row' }
  return { ok: true, results: json.value.map(runRow) }
}

function runRow(row: JsonValue, index: number): NamedResult {
  if (!isJsonObject(row)) {
    return { name: `row ${index}`, advisory: false, result: failed('a row', 'no object') }
  }
  const title = [row.get('id'), row.get('name')].filter((part) => typeof part === 'string')
  return {
    name: title.length === 0 ? `row ${index}` : title.join(' '),
    advisory: row.get('advisory') === true,
    result: judged(() => (row.has('template') ? runRenderingRow(row) : runDecisionRow(row))),
  }
}

function judged(run: () => RowResult): RowResult {
  try {
    return run()
  } catch (thrown) {
    return failed('a row in the format of the documentation', (thrown as Error).message)
  }
}
