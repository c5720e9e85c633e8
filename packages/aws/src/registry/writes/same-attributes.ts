/** Whether two sets of attributes say the same, in whatever order. */
export const sameAttributes = (
  one: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
): boolean =>
  one.size === other.size && [...one].every(([name, value]) => other.get(name) === value)
