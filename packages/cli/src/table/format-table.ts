import { printableText, showValue } from './printable-text.ts'

const GAP = '  '

/** Lays rows out in columns under a head line; each line ends with a line feed and without spaces. */
export function formatTable(
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
): string {
  const lines = [columns.map(printableText), ...rows.map((row) => row.map(showValue))]
  const widths = columns.map((_, index) =>
    lines.reduce((widest, line) => Math.max(widest, (line[index] ?? '').length), 0),
  )
  return lines
    .map((line) => {
      const cells = line.map((cell, index) => cell.padEnd(widths[index] ?? 0))
      return `${cells.join(GAP).trimEnd()}\n`
    })
    .join('')
}

/** Lays the members of an object out, one a line; members without a value are left out. */
export function formatMembers(
  members: readonly (readonly [name: string, value: unknown])[],
): string {
  const shown = members.filter(([, value]) => value !== undefined && value !== null)
  const width = shown.reduce((widest, [name]) => Math.max(widest, printableText(name).length), 0)
  return shown
    .map(([name, value]) =>
      `${printableText(name).padEnd(width)}${GAP}${showValue(value)}`.trimEnd().concat('\n'),
    )
    .join('')
}
