import { type Item, openItem, text } from '../attributes.ts'
import type { ItemKey } from '../keys.ts'

const KIND = 'certificate-body'

/** Writes the PEM of a device or CA certificate as the item at `key`. */
export const encodeCertificateBody = ({ pk, sk }: ItemKey, pem: string): Item => ({
  pk: text(pk),
  sk: text(sk),
  kind: text(KIND),
  pem: text(pem),
})

/**
 * Reads the PEM that lies at `key`.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodeCertificateBody(item: Item, key: ItemKey): string {
  const read = openItem(item, KIND)
  read.liesAt(key)
  return read.text('pem')
}
