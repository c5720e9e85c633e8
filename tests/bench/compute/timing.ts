/** Tells monotonic milliseconds. */
export type Stopwatch = () => number

/** Milliseconds of one call. */
export function timeOf(work: () => unknown, now: Stopwatch): number {
  const begun = now()
  work()
  return now() - begun
}

/** The shortest of three calls in a row: what else the machine did meanwhile is not the work's. */
export function undisturbed(work: () => unknown, now: Stopwatch): number {
  return Math.min(timeOf(work, now), timeOf(work, now), timeOf(work, now))
}

/** Calls per second of each of `blocks` blocks that last about `milliseconds`, after one block to warm up. */
export function ratesOf(
  work: () => unknown,
  plan: { readonly blocks: number; readonly milliseconds: number },
): readonly number[] {
  const rate = (): number => {
    const begun = performance.now()
    let calls = 0
    let now = begun
    while (now - begun < plan.milliseconds) {
      for (let each = 0; each < 20; each++) work()
      calls += 20
      now = performance.now()
    }
    return (calls / (now - begun)) * 1000
  }
  rate()
  return Array.from({ length: plan.blocks }, rate)
}
