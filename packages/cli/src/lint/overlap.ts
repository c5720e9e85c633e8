import { piecesOf } from './pattern-pieces.ts'

type Symbols = readonly string[]
/** Stand for wildcards among single characters: no character of a pattern is two characters long. */
const MANY = '**'
const ONE = '??'

/**
 * Whether some text matches both patterns. A variable can hold anything, so it counts as `*`: the answer errs towards yes. Time and
 * memory grow with the product of the lengths.
 */
export function mayOverlap(one: string, other: string): boolean {
  const left = symbolsOf(one)
  const right = symbolsOf(other)
  // reached[j]: the first i symbols of the left and the first j of the right can match the same text.
  let reached = firstRow(right)
  for (const symbol of left) reached = nextRow(symbol, right, reached)
  return reached.at(-1) === true
}

function symbolsOf(pattern: string): Symbols {
  return piecesOf(pattern).flatMap((piece) => {
    if (piece.kind === 'text') return [...piece.text]
    return piece.kind === 'variable' || piece.text === '*' ? [MANY] : [ONE]
  })
}

function firstRow(right: Symbols): readonly boolean[] {
  const row = [true]
  for (const [index, symbol] of right.entries()) row.push(row[index] === true && symbol === MANY)
  return row
}

function nextRow(symbol: string, right: Symbols, above: readonly boolean[]): readonly boolean[] {
  const row = [above[0] === true && symbol === MANY]
  for (const [index, opposite] of right.entries()) {
    const skipsOne = symbol === MANY || opposite === MANY
    const reachable = skipsOne
      ? row[index] === true || above[index + 1] === true
      : above[index] === true && sameCharacter(symbol, opposite)
    row.push(reachable)
  }
  return row
}

function sameCharacter(one: string, other: string): boolean {
  return one === ONE || other === ONE || one === other
}
