import type { PageInput, PageOf } from '../src/registry-writes/page.ts'

/** Takes a page of what a fake registry holds, in byte order of the keys. */
export function fakePage<Item, Key extends string>(
  items: Iterable<Item>,
  keyOf: (item: Item) => Key,
  { limit, after, ascending = true }: PageInput<Key>,
): PageOf<Item> {
  const ordered = [...items].toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
  if (!ascending) ordered.reverse()
  const rest = ordered.filter(
    (item) => after === undefined || (ascending ? keyOf(item) > after : keyOf(item) < after),
  )
  return { items: rest.slice(0, limit), more: rest.length > limit }
}
