import type { ListInput, ListPart } from '@thingpass/core/registry-writes/lists'

/** Takes a part of a list that is short enough to be read whole: at most 70 names. */
export function partOf<Name extends string>(
  names: Iterable<Name>,
  { limit, after, ascending = true }: ListInput,
): ListPart<Name> {
  const sorted = [...names].toSorted((one, other) => (one < other ? -1 : 1))
  if (!ascending) sorted.reverse()
  const rest = sorted.filter(
    (name) => after === undefined || (ascending ? name > after : name < after),
  )
  const items = rest.slice(0, limit)
  const last = items.at(-1)
  return { items, ...(items.length < rest.length && last !== undefined && { next: last }) }
}
