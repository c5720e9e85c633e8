/** How one row came out; `expected` and `got` are for people to compare. */
export type RowResult =
  | { readonly passed: true }
  | { readonly passed: false; readonly expected: string; readonly got: string }

/** A row that holds. */
export const PASSED: RowResult = Object.freeze({ passed: true })

/** A row that does not. */
export function failed(expected: string, got: string): RowResult {
  return { passed: false, expected, got }
}
