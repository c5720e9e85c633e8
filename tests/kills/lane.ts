import type { IoTClient } from '@aws-sdk/client-iot'
import { type Part, SHARED_PARTS } from './change.ts'
import { pick, type Random } from './random.ts'

/** What is known of a part: a change that was under way when the process was killed may have been made or not. */
export type Knowledge = 'there' | 'gone' | 'unknown'

/** One operator, who makes one change after another and remembers what was acknowledged. */
export type Lane = {
  readonly parts: readonly Part[]
  readonly known: Map<string, Knowledge>
  readonly random: Random
}

/** What came of a lane's traffic. */
export type Traffic = { acknowledged: number; unanswered: number; readonly refused: string[] }

/** Makes a lane of which nothing is there yet. */
export function createLane(parts: readonly Part[], random: Random): Lane {
  const shared = SHARED_PARTS.map(({ key }) => [key, 'there'] as const)
  const own = parts.map(({ key }) => [key, 'gone'] as const)
  return { parts, known: new Map([...shared, ...own]), random }
}

/** Changes things at random until the control plane does not answer any more. */
export async function driveLane(lane: Lane, client: IoTClient, traffic: Traffic): Promise<void> {
  for (;;) {
    const { part, after } = nextChange(lane)
    const before = lane.known.get(part.key) ?? 'unknown'
    lane.known.set(part.key, 'unknown')
    const answer = await ask(client, part, after)
    if (answer.kind === 'acknowledged') {
      lane.known.set(part.key, after)
      traffic.acknowledged++
    } else if (answer.kind === 'refused') {
      lane.known.set(part.key, before)
      traffic.refused.push(`${after} ${part.key}: ${answer.reason}`)
    } else {
      traffic.unanswered++
      return
    }
  }
}

type Answer =
  | { readonly kind: 'acknowledged' | 'unanswered' }
  | { readonly kind: 'refused'; readonly reason: string }

async function ask(client: IoTClient, part: Part, after: 'there' | 'gone'): Promise<Answer> {
  try {
    await (after === 'there' ? part.make(client) : part.remove(client))
    return { kind: 'acknowledged' }
  } catch (thrown) {
    const { name, message, $metadata } = thrown as Error & {
      $metadata?: { httpStatusCode?: number }
    }
    const status = $metadata?.httpStatusCode ?? 0
    // Only a refusal says that nothing was changed; a failure of the service leaves that open, and ends the lane as a kill does.
    return status >= 400 && status < 500
      ? { kind: 'refused', reason: `${name}: ${message}` }
      : { kind: 'unanswered' }
  }
}

/** A change that must be possible: ends come before edges, and go after them. */
function nextChange({ parts, known, random }: Lane): {
  readonly part: Part
  readonly after: 'there' | 'gone'
} {
  for (;;) {
    const part = pick(random, parts)
    if (known.get(part.key) === 'gone') {
      if (part.ends.every((end) => known.get(end) === 'there')) return { part, after: 'there' }
      continue
    }
    const held = parts.find(
      ({ key, ends }) => ends.includes(part.key) && known.get(key) === 'there',
    )
    return { part: held ?? part, after: 'gone' }
  }
}
