import type { FuzzTarget } from './fuzz-target.ts'
import { mutateDer } from './mutate-der.ts'
import { mutateJson } from './mutate-json.ts'
import { type MutationMaterial, mutateOctets } from './mutate-octets.ts'

/** Largest input in octets: more finds nothing that less does not. */
const LARGEST_INPUT = 12 * 1024
/** Most changes at once; half of all inputs get one. */
const MOST_CHANGES = 5

const STRUCTURED = { der: mutateDer, json: mutateJson, text: () => undefined }

/** Changes an input in one to five places: mostly by its format, else octet by octet. */
export function mutate(
  input: Uint8Array,
  format: FuzzTarget['format'],
  material: MutationMaterial,
): Uint8Array {
  const { random } = material
  let changed = Buffer.from(input)
  const changes = random.oneIn(2) ? 1 : 1 + random.below(MOST_CHANGES)
  for (let left = changes; left > 0; left -= 1) {
    const structured = random.oneIn(5) ? undefined : byFormat(changed, format, material)
    changed = Buffer.from(structured ?? mutateOctets(changed, material))
  }
  return changed.subarray(0, LARGEST_INPUT)
}

/** Undefined for what is not of the format, or too deep for it. */
function byFormat(
  input: Buffer,
  format: FuzzTarget['format'],
  material: MutationMaterial,
): Buffer | undefined {
  try {
    return STRUCTURED[format](input, material)
  } catch {
    return undefined
  }
}
