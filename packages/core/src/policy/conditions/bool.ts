/** Parses `true` or `false`, in any letter case. */
export function parseBool(text: string): boolean | undefined {
  const word = text.toLowerCase()
  if (word === 'true') return true
  return word === 'false' ? false : undefined
}
