/** A group, as far as its place in the hierarchy goes. */
type Group = { readonly name: string; readonly parent?: string }

/**
 * Sorts groups into levels: those without a parent, then their children, and so on. A group whose parent is not among them stands
 * on the first level, where writing it shows that the parent is missing.
 */
export function groupsByDepth<Item extends Group>(
  groups: readonly Item[],
): readonly (readonly Item[])[] {
  const parents = new Map(groups.map(({ name, parent }) => [name, parent]))
  const levels: Item[][] = []
  for (const group of groups) {
    const depth = depthOf(group, parents)
    levels[depth] = [...(levels[depth] ?? []), group]
  }
  return levels.flatMap((level) => [level]) // without holes, which a cycle of parents would leave
}

/** Levels below the topmost ancestor that is among the groups; never more than there are groups. */
function depthOf(group: Group, parents: ReadonlyMap<string, string | undefined>): number {
  let depth = 0
  let parent = group.parent
  while (parent !== undefined && parents.has(parent) && depth < parents.size) {
    depth += 1
    parent = parents.get(parent)
  }
  return depth
}
