import { type Profiler, Session } from 'node:inspector'

/** Which blocks of the code have run since the last look. */
export type Coverage = {
  /** Keys of the blocks of functions that ran: file, offsets and, by magnitude, how often; `x` for a block that did not run. */
  readonly take: () => ReadonlySet<string>
  readonly stop: () => void
}

/** Largest number of runs of a block that is told apart from more. */
const MOST_COUNTED = 64

/** Begins to count, by V8's own precise coverage, what runs in files whose URL is wanted. */
export function startCoverage(isWanted: (url: string) => boolean): Coverage {
  const session = new Session()
  session.connect()
  session.post('Profiler.enable')
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  return {
    take: () => {
      const blocks = new Set<string>()
      // The answer comes before `post` returns, for the session is of this thread.
      session.post('Profiler.takePreciseCoverage', (failed, answer) => {
        if (failed !== null) throw failed
        for (const script of answer.result) if (isWanted(script.url)) addBlocks(blocks, script)
      })
      return blocks
    },
    stop: () => session.disconnect(),
  }
}

/**
 * V8 leaves out a block that ran as often as what is around it, so that the blocks that did not run tell as much as those that did.
 */
function addBlocks(blocks: Set<string>, { url, functions }: Profiler.ScriptCoverage): void {
  for (const { ranges } of functions) {
    const hasRun = (ranges[0]?.count ?? 0) > 0
    for (const { startOffset, endOffset, count } of hasRun ? ranges : []) {
      blocks.add(`${url}:${startOffset}-${endOffset}:${magnitudeOf(count)}`)
    }
  }
}

function magnitudeOf(count: number): string {
  return count === 0 ? 'x' : String(Math.ceil(Math.log2(Math.min(count, MOST_COUNTED))))
}

/** The block of a key, however often it ran; undefined for one that did not. */
export function blockOf(key: string): string | undefined {
  const end = key.lastIndexOf(':')
  return key.endsWith('x') ? undefined : key.slice(0, end)
}
