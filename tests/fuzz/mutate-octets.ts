import type { Random } from './random.ts'

/** What changes to one input can draw on. */
export type MutationMaterial = {
  readonly random: Random
  readonly dictionary: readonly string[]
  /** Another input of the same target. */
  readonly other: Uint8Array
}

const INTERESTING = [0x00, 0x01, 0x1f, 0x20, 0x22, 0x25, 0x2a, 0x30, 0x7f, 0x80, 0x81, 0x82, 0xff]
/** Most octets that one change takes away or doubles. */
const LONGEST_RUN = 64

type Mutation = (input: Buffer, material: MutationMaterial) => Buffer

/** Changes an input in one place, whatever it means. */
export const mutateOctets: Mutation = (input, material) =>
  material.random.pick(MUTATIONS)(input, material)

const MUTATIONS: readonly Mutation[] = [
  (input, { random }) => withOctet(input, random, (octet) => octet ^ (1 << random.below(8))),
  (input, { random }) => withOctet(input, random, () => random.pick(INTERESTING)),
  (input, { random }) => withOctet(input, random, () => random.below(256)),
  (input, { random }) => withOctet(input, random, (octet) => octet + (random.oneIn(2) ? 1 : -1)),
  (input, { random }) => {
    const at = random.below(input.length + 1)
    const length = 1 + random.below(LONGEST_RUN)
    return Buffer.concat([input.subarray(0, at), input.subarray(at + length)])
  },
  (input, { random }) => {
    const from = random.below(input.length + 1)
    return insert(input, random, input.subarray(from, from + 1 + random.below(LONGEST_RUN)))
  },
  (input, { random }) => insert(input, random, Buffer.of(random.below(256))),
  (input, { random, dictionary }) =>
    insert(input, random, Buffer.from(dictionary.length > 0 ? random.pick(dictionary) : '\0')),
  (input, { random, other }) => {
    const at = random.below(input.length + 1)
    return Buffer.concat([input.subarray(0, at), other.subarray(random.below(other.length + 1))])
  },
  (input, { random }) => input.subarray(0, random.below(input.length + 1)),
]

function withOctet(input: Buffer, random: Random, change: (octet: number) => number): Buffer {
  if (input.length === 0) return Buffer.of(random.below(256))
  const changed = Buffer.from(input)
  const at = random.below(changed.length)
  changed.writeUInt8(change(changed.readUInt8(at)) & 0xff, at)
  return changed
}

function insert(input: Buffer, random: Random, inserted: Uint8Array): Buffer {
  const at = random.below(input.length + 1)
  return Buffer.concat([input.subarray(0, at), inserted, input.subarray(at)])
}
