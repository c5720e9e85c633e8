import { deflateRawSync } from 'node:zlib'
import type { SessionTag } from '@thingpass/core/ports'

/**
 * Bytes that count as 100 %. A stand-in: AWS publishes neither its packed form nor its limit. It is set so that common
 * policies at 2,048 characters fit beside a few tags, and texts that hardly compress do not. Figures here say nothing
 * about figures of AWS; a policy that is near the limit has to be tried there.
 */
const ALLOTTED_BYTES = 1024

/**
 * Percent of the allotted space that session policy and tags take, rounded up; may exceed 100. Undefined when there is
 * neither, as STS then leaves the figure out. Tags that were inherited count too: they travel in the token.
 */
export function packedSizePercent(
  policy: string | undefined,
  tags: readonly SessionTag[],
): number | undefined {
  if (policy === undefined && tags.length === 0) return undefined
  const text = [policy ?? '', ...tags.map(({ key, value }) => `${key}\0${value}`)].join('\0')
  return Math.ceil((deflateRawSync(text).length * 100) / ALLOTTED_BYTES)
}
