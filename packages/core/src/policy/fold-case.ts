/**
 * Folds letter case: each character by itself becomes the small letter of its small letter's capital. So `ſ` is `s`, `K`
 * (Kelvin) is `k`, `ß` and `ẞ` are `ss` and both small sigmas are one; the result does not depend on what stands beside a
 * character, and a pattern can be folded piece by piece. The one folding there is: of values, actions, names of condition keys
 * and of tags. With two, a name could pass one check and mean something else to the next.
 */
export function foldCase(text: string): string {
  return text.replace(BEYOND_ASCII, foldCharacter).toLowerCase() // which leaves alone what is folded
}

const BEYOND_ASCII = /\P{ASCII}/gu

function foldCharacter(character: string): string {
  return character.toLowerCase().toUpperCase().toLowerCase()
}
