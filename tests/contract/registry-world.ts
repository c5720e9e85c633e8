import {
  parseCaCertificateId,
  parseCertificateId,
  parsePolicyName,
  parseRoleAlias,
  parseRoleArn,
  parseTenantId,
  parseThingGroupName,
  parseThingName,
  parseThingTypeName,
  type TenantId,
} from '@thingpass/core/names'
import type { ReadFacts } from '@thingpass/core/ports'
import type { TenantRecord } from '@thingpass/core/records'
import type { RegistryWrites } from '@thingpass/core/registry-writes'
import type { NewCa } from '@thingpass/core/registry-writes/cas'

/** A registry under test. It remembers nothing between two reads. */
export type RegistryUnderTest = {
  readonly writes: RegistryWrites
  readonly readFacts: ReadFacts
  /** The changes of one tenant that the audit has, in no order. */
  readonly changes: (
    tenantId: TenantId,
  ) => Promise<readonly { readonly action: string; readonly subject: string }[]>
  /** Does something at another time than NOW. */
  readonly at: <Value>(time: Date, act: () => Promise<Value>) => Promise<Value>
  readonly stop: () => Promise<void>
}

/** The instant of every test; half a second is left off in what is stored. */
export const NOW = new Date('2026-06-01T12:00:00.500Z')
export const NOW_STORED = new Date('2026-06-01T12:00:00Z')
export const DEADLINE = new Date(NOW.getTime() + 3000)

export const thingName = (text: string) => parseThingName(text)!
export const thingTypeName = (text: string) => parseThingTypeName(text)!
export const groupName = (text: string) => parseThingGroupName(text)!
export const policyName = (text: string) => parsePolicyName(text)!
export const roleAlias = (text: string) => parseRoleAlias(text)!
export const ROLE = parseRoleArn('arn:aws:iam::123456789012:role/devices/camera')!
export const OTHER_ROLE = parseRoleArn('arn:aws:iam::123456789012:role/devices/pump')!

export const LAMP = thingName('lamp-1')
export const PUMP = thingName('pump-1')
export const FLOOR = groupName('floor-1')
export const HOUSE = groupName('house')
export const READER = policyName('reader')
export const CAMERA = roleAlias('camera')

let last = 0
const nextHex = (digits: number): string => {
  last += 1
  return last.toString(16).padStart(digits, '0')
}

/** A tenant nobody has used. */
export const newTenant = () => parseTenantId(`tenant-${nextHex(1)}`)!
/** A certificate id nobody has used. */
export const newCertificateId = () => parseCertificateId(nextHex(64))!
/** A SHA-256 nobody has used. */
export const newDigest = () => nextHex(64)

export const tenantRecord = (tenantId: TenantId): TenantRecord => ({
  tenantId,
  status: 'ENABLED',
  roleArnPatterns: ['arn:aws:iam::123456789012:role/devices/*'],
  externalId: 'external-id-of-the-tenant',
  sessionTagKeys: ['site'],
  certificatesWithoutCa: true,
  apiArnPatterns: [],
  rateLimit: { perSecond: 2.5, burst: 10 },
  defaultThing: 'exclusive',
  inactiveCaRefusesDevices: false,
  authorizerRequiresThing: true,
})

export const newCa = (tenantId: TenantId): NewCa => ({
  record: {
    tenantId,
    caCertificateId: parseCaCertificateId(newDigest())!,
    status: 'ACTIVE',
    publicKey: new Uint8Array([48, 89, 0, 255]),
  },
  certificateMode: 'DEFAULT',
  autoRegistration: false,
  publicKeySha256: newDigest(),
  subjectSha256: newDigest(),
})

export const ALLOW = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 'iot:AssumeRoleWithCertificate', Resource: '*' },
})
export const DENY = ALLOW.replace('Allow', 'Deny')

/** A tenant with a registered certificate, a thing and a policy, none of them attached to another. */
export async function seed({ writes }: RegistryUnderTest) {
  const tenantId = newTenant()
  const certificateId = newCertificateId()
  await writes.putTenant({ record: tenantRecord(tenantId) })
  const registered = await writes.registerCertificate({
    tenantId,
    certificateId,
    registration: { kind: 'without-ca' },
    status: 'ACTIVE',
  })
  const thing = await writes.createThing({ tenantId, thingName: LAMP, attributes: new Map() })
  const policy = await writes.createPolicy({ tenantId, policyName: READER, document: ALLOW })
  if (!(registered.ok && thing.ok && policy.ok)) throw new Error('the seed was refused')
  return {
    tenantId,
    certificateId,
    registrationId: registered.registrationId,
    thingId: thing.thingId,
    generationId: policy.generationId,
  }
}

/** Reads the facts of a certificate, with a thing and an alias. */
export async function factsOf(
  { readFacts }: RegistryUnderTest,
  certificateId: ReturnType<typeof newCertificateId>,
  asked: {
    readonly thing?: typeof LAMP
    readonly alias?: typeof CAMERA
    readonly serialNumber?: string
  } = {},
) {
  const { facts } = await readFacts({
    certificateId,
    issuerHint: 'hint',
    serialNumber: asked.serialNumber ?? 'abc',
    deadline: DEADLINE,
    ...(asked.thing && { thingName: asked.thing }),
    ...(asked.alias && { roleAlias: asked.alias }),
  })
  return facts
}

export const done = { ok: true } as const
export const changed = { ok: true, changed: true } as const
export const unchanged = { ok: true, changed: false } as const
export const refused = (conflict: string) => ({ ok: false, conflict })
