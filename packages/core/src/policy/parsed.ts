/** What a parser made of a text: a value, or what is wrong with it in words for its author. */
export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: string }

/** The parse succeeded. */
export function accept<Value>(value: Value): Parsed<Value> {
  return { ok: true, value }
}

/** The parse failed. */
export function refuse(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem }
}

/** Parses each item; the first problem is the problem of the list. */
export function parseEach<Item, Value>(
  items: readonly Item[],
  parse: (item: Item, index: number) => Parsed<Value>,
): Parsed<readonly Value[]> {
  const values: Value[] = []
  for (const [index, item] of items.entries()) {
    const parsed = parse(item, index)
    if (!parsed.ok) return parsed
    values.push(parsed.value)
  }
  return accept(Object.freeze(values))
}

/** Characters of an author's text that a problem repeats. */
const QUOTED_CHARACTERS = 64

/** Quotes a piece of the author's text in a problem, cut short so that a problem stays one readable line. */
export function quote(text: string): string {
  const cut = text.length > QUOTED_CHARACTERS
  return JSON.stringify(cut ? `${text.slice(0, QUOTED_CHARACTERS)}…` : text)
}
