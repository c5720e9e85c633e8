/** A row of a CSV file, or why it is none. Lines count from 1; a row may go over several. */
export type CsvRow = { readonly line: number } & (
  | { readonly fields: readonly string[] }
  | { readonly problem: string }
)

/** Takes a CSV text in pieces of any size, and gives the rows that are complete. */
export type CsvReader = {
  readonly push: (text: string) => readonly CsvRow[]
  /** What is left when the text ends. */
  readonly end: () => readonly CsvRow[]
}

/** Characters of one row: a quote that is never closed must not swallow the rest of a large file. */
const LONGEST_ROW = 262_144

type Place = 'start' | 'plain' | 'quoted' | 'closed'

type Draft = {
  place: Place
  field: string
  fields: string[]
  /** Where the row began. */
  line: number
  /** Line feeds in the row so far. */
  feeds: number
  length: number
  problem: string | undefined
}

const freshDraft = (line: number): Draft => ({
  ...{ place: 'start', field: '', fields: [], line, feeds: 0, length: 0, problem: undefined },
})

/** Makes a reader of comma-separated values; rows without a character are passed over. Source: RFC 4180. */
export function createCsvReader(): CsvReader {
  let draft = freshDraft(1)
  const rows: CsvRow[] = []
  const endRow = () => {
    const { line, problem, length, feeds } = draft
    draft.fields.push(draft.place === 'plain' ? draft.field.replace(/\r$/, '') : draft.field)
    const empty = length === 0 || (length === 1 && draft.field === '\r')
    if (problem !== undefined) rows.push({ line, problem })
    else if (!empty) rows.push({ line, fields: draft.fields })
    draft = freshDraft(line + feeds + 1)
  }
  const take = () => rows.splice(0)
  return {
    push: (text) => {
      for (const character of text) {
        if (character === '\n' && draft.place !== 'quoted') endRow()
        else step(draft, character)
      }
      return take()
    },
    end: () => {
      if (draft.place === 'quoted') draft.problem = 'a quote is not closed'
      if (draft.length > 0) endRow()
      return take()
    },
  }
}

function step(draft: Draft, character: string): void {
  draft.length += 1
  if (character === '\n') draft.feeds += 1
  if (draft.length > LONGEST_ROW) {
    // The row is lost, wherever it ends; the next line may be one again.
    draft.problem ??= 'the row is too long'
    draft.place = 'plain'
    draft.field = ''
    return
  }
  STEPS[draft.place](draft, character)
}

const STEPS: Readonly<Record<Place, (draft: Draft, character: string) => void>> = {
  start: (draft, character) => {
    if (character === '"') draft.place = 'quoted'
    else STEPS.plain(draft, character)
  },
  plain: (draft, character) => {
    if (character === ',') return endField(draft)
    if (character === '"') draft.problem ??= 'a quote stands within a field'
    draft.place = 'plain'
    draft.field += character
  },
  quoted: (draft, character) => {
    if (character === '"') draft.place = 'closed'
    else draft.field += character
  },
  closed: (draft, character) => {
    if (character === ',') return endField(draft)
    if (character === '"') {
      draft.place = 'quoted'
      draft.field += '"'
    } else if (character !== '\r') draft.problem ??= 'text stands behind a closed quote'
  },
}

function endField(draft: Draft): void {
  draft.fields.push(draft.field)
  draft.field = ''
  draft.place = 'start'
}
