import { hash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ReadFacts } from '@thingpass/core/ports'
import type { RegistryWrites } from '@thingpass/core/registry-writes'
import { createIdentify } from '@thingpass/x509/identify'
import { createRequest } from '@thingpass/x509/testing/certificate-requests'
import { createCa, issueCertificate } from '@thingpass/x509/testing/certificates'
import { createRevocationList } from '@thingpass/x509/testing/revocation-lists'
import { type Call, CODE, createInProcess } from './control-in-process.ts'
import { ASSUME, arn, OTHER_ROLE, OWN_PREFIX, ROLE } from './control-world.ts'

/** A registry, new and empty. */
export type IsolatedRegistry = {
  readonly registry: RegistryWrites
  readonly readFacts: ReadFacts
  readonly stop: () => Promise<void>
}

const NOON = new Date('2026-06-01T12:00:00Z')
const LONG_BEFORE = new Date('2026-05-01T12:00:00Z')

const identify = createIdentify()
const certificateOf = (ca: ReturnType<typeof createCa>, serialNumber: bigint) => {
  const { pem } = issueCertificate(ca, { serialNumber })
  const identified = identify(pem)
  if (!identified.ok) throw new Error(identified.reason)
  const { certificateId } = identified.certificate.facts
  return { pem, certificateId, arn: arn(`cert/${certificateId}`) }
}
const caOf = (subject: string) => createCa({ subject })
const idOf = ({ der }: { readonly der: Buffer }) => hash('sha256', der, 'hex')
const [activeCa, inactiveCa] = [caOf('Owned A'), caOf('Owned B')]
const [ownCa, otherCa] = [caOf('Mine'), caOf('Mine too')]
const withoutCa = issueCertificate(caOf('Nobody'), { serialNumber: 9n }).pem

const listOf = (number: bigint) =>
  createRevocationList(activeCa, {
    ...{ number, entries: [0xffn] },
    ...{ thisUpdate: LONG_BEFORE, nextUpdate: new Date('2026-07-01T00:00:00Z') },
  }).pem

/** What `default` owns, or is about to. */
export const OWNED = {
  ca: { pem: activeCa.pem, id: idOf(activeCa) },
  inactiveCa: { pem: inactiveCa.pem, id: idOf(inactiveCa) },
  device: certificateOf(activeCa, 1n),
  spareDevice: certificateOf(activeCa, 2n),
  unregistered: certificateOf(activeCa, 3n),
  revocationList: listOf(1n),
  nextRevocationList: listOf(2n),
  proof: issueCertificate(activeCa, { subject: CODE, serialNumber: 4n }).pem,
} as const

/** What `acme` owns in both worlds. */
export const MINE = {
  device: certificateOf(ownCa, 1n),
  unregistered: certificateOf(ownCa, 2n),
  otherCa,
  /** Proof that acme has the key of its second CA. */
  proof: issueCertificate(otherCa, { subject: CODE, serialNumber: 5n }).pem,
  withoutCa,
  csr: createRequest({ subject: 'mine' }).pem,
} as const

type Seed = readonly [
  method: string,
  path: string,
  body?: object,
  more?: Pick<Call, 'query' | 'headers'>,
]

const roleOf = (prefix: string) => (prefix === 'owned' ? ROLE : OTHER_ROLE)

const thingSeeds = (prefix: string, device: string): readonly Seed[] => [
  ['POST', `/thing-types/${prefix}-type`, { thingTypeProperties: { searchableAttributes: ['a'] } }],
  [
    'POST',
    `/things/${prefix}-thing`,
    { thingTypeName: `${prefix}-type`, attributePayload: { attributes: { a: prefix } } },
  ],
  ['POST', `/things/${prefix}-spare`, {}],
  ['POST', `/thing-groups/${prefix}-parent`, {}],
  ['POST', `/thing-groups/${prefix}-group`, { parentGroupName: `${prefix}-parent` }],
  [
    'PUT',
    '/thing-groups/addThingToThingGroup',
    { thingName: `${prefix}-thing`, thingGroupName: `${prefix}-group` },
  ],
  ['POST', `/policies/${prefix}-policy`, { policyDocument: ASSUME, tags: [{ Key: prefix }] }],
  ['POST', `/policies/${prefix}-policy/version`, { policyDocument: OWN_PREFIX }],
  ['POST', `/policies/${prefix}-limit`, { policyDocument: OWN_PREFIX }],
  ['POST', `/policies/${prefix}-loose`, { policyDocument: ASSUME }],
  ['POST', `/role-aliases/${prefix}-alias`, { roleArn: roleOf(prefix) }],
  ['POST', `/role-aliases/${prefix}-loose`, { roleArn: roleOf(prefix) }],
  ['PUT', `/target-policies/${prefix}-policy`, { target: device }],
  ['PUT', `/target-policies/${prefix}-policy`, { target: arn(`thinggroup/${prefix}-group`) }],
  ['PUT', `/target-policies/${prefix}-limit`, { target: arn(`rolealias/${prefix}-alias`) }],
  ['PUT', `/things/${prefix}-thing/principals`, {}, { headers: { 'x-amzn-principal': device } }],
  ['GET', '/registrationcode'],
]

const ACTIVE = { query: { setAsActive: 'true' } }
type Pem = { readonly pem: string }
const caSeed = (tenant: string, { pem }: Pem, more = {}): Seed => [
  'POST',
  `/thingpass/tenants/${tenant}/cacertificate`,
  { caCertificate: pem },
  more,
]
const certificateSeed = ({ pem }: Pem, more = {}): Seed => [
  'POST',
  '/certificate/register',
  { certificatePem: pem },
  more,
]

/** All that default owns, over what every tenant here has. */
const OWNED_SEEDS: readonly Seed[] = [
  caSeed('default', OWNED.ca, ACTIVE),
  caSeed('default', OWNED.inactiveCa),
  [
    'PUT',
    `/thingpass/cacertificate/${OWNED.ca.id}/crl`,
    { crl: OWNED.revocationList, graceSeconds: 60 },
  ],
  certificateSeed(OWNED.device, ACTIVE),
  certificateSeed(OWNED.spareDevice),
  ...thingSeeds('owned', OWNED.device.arn),
  ['POST', '/thing-types/owned-old'],
  ['POST', '/thing-types/owned-old/deprecate'],
  ['POST', '/thing-groups/owned-leaf'],
]

/** The clock of the world that is open: all is made long before anything is tried. */
let now = LONG_BEFORE
export const isolatedClock = () => now

/** Makes a world in which acme owns its own, and default everything or nothing. One is open at a time. */
export async function openIsolated(
  open: () => Promise<IsolatedRegistry>,
  owned: 'everything' | 'nothing',
) {
  now = LONG_BEFORE
  const { registry, readFacts, stop } = await open()
  const directory = await mkdtemp(join(tmpdir(), 'ca-keys-'))
  const { callAs, addTenant, faults } = createInProcess({
    ...{ registry, readFacts, directory, clock: isolatedClock },
  })
  const seed = async (tenant: 'default' | 'acme', seeds: readonly Seed[]) => {
    for (const [method, path, body = {}, more] of seeds) {
      const { status, json } = await callAs(tenant, { method, path, body, ...more })
      if (status !== 200) throw new Error(`${method} ${path}: ${JSON.stringify(json)}`)
    }
  }
  for (const name of ['default', 'acme']) await addTenant(name)
  await seed('default', [caSeed('acme', ownCa, ACTIVE)])
  await seed('acme', [certificateSeed(MINE.device, ACTIVE), ...thingSeeds('mine', MINE.device.arn)])
  if (owned === 'everything') await seed('default', OWNED_SEEDS)
  now = NOON
  const close = async () => {
    await stop()
    await rm(directory, { recursive: true })
  }
  return { callAs, faults, close }
}

/** What `openIsolated` gives. */
export type IsolatedWorld = Awaited<ReturnType<typeof openIsolated>>
