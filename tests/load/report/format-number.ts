/** A duration for people: whole milliseconds from 10 ms on, seconds from 1 s on. */
export function formatMs(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`
  return milliseconds >= 10 ? `${Math.round(milliseconds)} ms` : `${milliseconds.toFixed(1)} ms`
}

/** A number for people: no more digits than say something. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en-GB')
  return String(Number(value >= 10 ? value.toFixed(1) : value.toFixed(2)))
}
