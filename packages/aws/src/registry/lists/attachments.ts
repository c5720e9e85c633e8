import type { RegistryLists } from '@thingpass/core/registry-writes/lists'
import { decodeThingEdge } from '../items/thing-edge.ts'
import { certificateKey, thingKey } from '../keys.ts'
import { readCertificate } from '../writes/certificate-reads.ts'
import { readThing } from '../writes/things.ts'
import type { Registry } from '../writes/transaction.ts'
import { readPart } from './read-part.ts'

type ListPrincipals = RegistryLists['listThingPrincipals']
type ListThings = RegistryLists['listPrincipalThings']

/** Makes the lists of attachments of certificates to things. An edge of an earlier record of either end is left out. */
export function attachmentLists(
  registry: Registry,
): Pick<RegistryLists, 'listThingPrincipals' | 'listPrincipalThings'> {
  return {
    listThingPrincipals: (input) => listPrincipals(registry, input),
    listPrincipalThings: (input) => listThings(registry, input),
  }
}

async function listPrincipals(
  registry: Registry,
  input: Parameters<ListPrincipals>[0],
): ReturnType<ListPrincipals> {
  const thing = await readThing(registry, input)
  if (!thing) return { ok: false, conflict: 'thing-unknown' }
  const source = {
    shelf: { of: 'partition', key: thingKey(input.tenantId, input.thingName).pk },
    base: 'CERT#',
    sifted: input.exclusive !== undefined,
    show: (item: Parameters<typeof decodeThingEdge>[0]) => {
      const { certificateId, exclusive, thingId } = decodeThingEdge(item, 'thing')
      const shown = thingId === thing.record.thingId && exclusive === (input.exclusive ?? exclusive)
      return shown ? { certificateId, exclusive } : undefined
    },
  } as const
  return { ok: true, ...(await readPart(registry, source, input)) }
}

async function listThings(
  registry: Registry,
  input: Parameters<ListThings>[0],
): ReturnType<ListThings> {
  const certificate = await readCertificate(registry, input)
  if (!certificate) return { ok: false, conflict: 'certificate-unknown' }
  const { registrationId: live } = certificate.record
  const source = {
    shelf: { of: 'partition', key: certificateKey(input.certificateId).pk },
    base: 'THING#',
    sifted: input.exclusive !== undefined,
    show: (item: Parameters<typeof decodeThingEdge>[0]) => {
      const { thingName, exclusive, registrationId } = decodeThingEdge(item, 'certificate')
      const shown = registrationId === live && exclusive === (input.exclusive ?? exclusive)
      return shown ? { thingName, exclusive } : undefined
    },
  } as const
  return { ok: true, ...(await readPart(registry, source, input)) }
}
