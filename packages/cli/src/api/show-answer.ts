import { formatMembers, formatTable } from '../table/format-table.ts'
import type { ApiCommand, Shown } from './api-command.ts'
import { memberAt } from './resource-reference.ts'

/** Shows an answer to people: a list as a table, a description one member a line, an empty answer as done. */
export function showAnswer(
  { verb, shown = {} }: Pick<ApiCommand, 'verb' | 'shown'>,
  json: unknown,
) {
  if ('rows' in shown) return showRows(shown, json)
  const { within, hidden = [] } = shown
  const described = within === undefined ? json : memberAt(json, within)
  const members = Object.entries(described ?? {}).filter(([name]) => !hidden.includes(name))
  return members.length === 0 ? `${verb}: done\n` : formatMembers(members)
}

function showRows({ rows, columns }: Extract<Shown, { rows: string }>, json: unknown): string {
  const found = memberAt(json, rows)
  const cells = (Array.isArray(found) ? found : []).map((row: unknown) =>
    typeof row === 'object' ? columns.map((column) => memberAt(row, column)) : [row],
  )
  return formatTable(columns, cells)
}
