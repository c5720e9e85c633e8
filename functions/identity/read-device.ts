import type { RegistryFacts } from '@thingpass/core/facts'
import type { RoleAlias } from '@thingpass/core/names'
import type { ReadFacts, RememberIssuer } from '@thingpass/core/ports'
import type { Journal } from '../credentials/journal.ts'
import type { PresentedDevice } from './identify-device.ts'

/** What it takes to read what is known of a device. */
export type ReadDevicePorts = {
  readonly readFacts: ReadFacts
  readonly rememberIssuer: RememberIssuer
}

/** What is known of a device, and whether the key of the CA that its record names made its certificate's signature. */
export type VerifiedFacts = RegistryFacts & { readonly signedByCa: boolean }

/**
 * Reads the registry and verifies the signature. An issuer is remembered only after that. The facts are no verdict yet.
 * @throws {Fault} as `ReadFacts`
 */
export async function readDevice(
  ports: ReadDevicePorts,
  device: PresentedDevice,
  { journal, roleAlias }: { readonly journal: Journal; readonly roleAlias: RoleAlias | undefined },
): Promise<VerifiedFacts> {
  const facts = await journal.time('read', () => readRegistry(ports, device, roleAlias, journal))
  const { certificate } = device
  const signedByCa = facts.ca !== undefined && certificate.isSignedBy(facts.ca.publicKey)
  if (signedByCa && facts.ca !== undefined) {
    ports.rememberIssuer(certificate.facts.issuerHint, facts.ca)
  }
  return { ...facts, signedByCa }
}

async function readRegistry(
  ports: ReadDevicePorts,
  { certificate, thingHeader, deadline }: PresentedDevice,
  roleAlias: RoleAlias | undefined,
  journal: Journal,
): Promise<RegistryFacts> {
  const { facts, cost } = await ports.readFacts({
    certificateId: certificate.facts.certificateId,
    issuerHint: certificate.facts.issuerHint,
    serialNumber: certificate.facts.serialNumber,
    ...(thingHeader.kind === 'named' ? { thingName: thingHeader.thingName } : {}),
    ...(roleAlias === undefined ? {} : { roleAlias }),
    deadline,
  })
  const tenantId = facts.certificate?.tenantId
  journal.note({ registry: cost, ...(tenantId === undefined ? {} : { tenantId }) })
  return facts
}
