import { readFile } from 'node:fs/promises'
import type { Reader } from './option-readers.ts'

/** Every list in DER begins with the identifier octet of SEQUENCE, which no PEM begins with. */
const SEQUENCE = 0x30

/** A revocation list: the text of a PEM file, or a DER file in base64. */
export const revocationListFile: Reader = {
  read: async (given) => {
    const path = String(given)
    try {
      const bytes = await readFile(path)
      const isDer = bytes[0] === SEQUENCE
      return { value: bytes.toString(isDer ? 'base64' : 'utf8') }
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException
      return { problem: `${path} cannot be read (${code ?? 'unknown reason'})` }
    }
  },
}
