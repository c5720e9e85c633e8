import { randomUUID } from 'node:crypto'
import {
  type CertificateId,
  parseCertificateId,
  parsePolicyName,
  parseRoleAlias,
  parseRoleArn,
  parseTenantId,
  parseThingName,
} from '@thingpass/core/names'
import type { SessionProfile, TenantRecord } from '@thingpass/core/records'
import { type Identity, issueDeviceCertificate } from '@thingpass/local/pki/issue-certificate'
import { keepDeviceCa } from '@thingpass/local/pki/local-pki'
import { createDevice } from '@thingpass/local/testing/device-client'
import { createIdentify } from '@thingpass/x509/identify'
import type { TestStack } from './local-stack.ts'

/** A value that must be there: names in tests are written out by hand. */
export function given<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('a name in this test is not valid')
  return value
}

/** Takes the outcome of a change that must succeed. */
export async function done<Result extends { readonly ok: boolean }>(
  change: Promise<Result>,
): Promise<Extract<Result, { readonly ok: true }>> {
  const outcome = await change
  if (!outcome.ok) throw new Error(`a change was refused: ${JSON.stringify(outcome)}`)
  return outcome as Extract<Result, { readonly ok: true }>
}

/** The certificate id of a PEM. */
export function idOf(certificatePem: string): CertificateId {
  const identified = createIdentify()(certificatePem)
  if (!identified.ok) throw new Error(identified.reason)
  return identified.certificate.facts.certificateId
}

/** What a test can do to one tenant's part of a stack's registry, in plain names. */
export function fleetOf(stack: TestStack, tenant: string) {
  const tenantId = given(parseTenantId(tenant))
  const { registry } = stack
  return {
    /** Issues a certificate under the tenant's CA, registers it ACTIVE, and attaches a new thing and policies. */
    addDevice: async (device: {
      readonly thing: string
      readonly policies?: readonly string[]
      readonly now?: Date
      readonly validDays?: number
      readonly exclusive?: boolean
    }) => {
      const { thing, policies = [], now = new Date(), validDays = 30, exclusive = false } = device
      const ca = await keepDeviceCa(stack.dataDir, tenant, now)
      const identity = await issueDeviceCertificate(ca, { commonName: thing, now, validDays })
      const certificateId = idOf(identity.certificatePem)
      const caCertificateId = idOf(ca.certificatePem) as never
      const thingName = given(parseThingName(thing))
      await done(
        registry.registerCertificate({
          tenantId,
          certificateId,
          registration: { kind: 'ca', caCertificateId },
          status: 'ACTIVE',
          pem: identity.certificatePem,
        }),
      )
      await done(registry.createThing({ tenantId, thingName, attributes: new Map() }))
      await done(registry.attachThing({ tenantId, certificateId, thingName, exclusive }))
      for (const policy of policies) {
        const policyName = given(parsePolicyName(policy))
        const target = { kind: 'certificate', certificateId } as const
        await done(registry.attachPolicy({ tenantId, policyName, target }))
      }
      return { ...identity, certificateId }
    },
    addPolicy: (name: string, ...statements: readonly object[]) =>
      done(
        registry.createPolicy({
          tenantId,
          policyName: given(parsePolicyName(name)),
          document: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
        }),
      ),
    addAlias: async (
      alias: string,
      roleArn: string,
      settings: { readonly seconds?: number; readonly profile?: Partial<SessionProfile> } = {},
    ) => {
      const roleAlias = given(parseRoleAlias(alias))
      const credentialDurationSeconds = settings.seconds ?? 3600
      const role = given(parseRoleArn(roleArn))
      await done(
        registry.createRoleAlias({ tenantId, roleAlias, roleArn: role, credentialDurationSeconds }),
      )
      if (settings.profile === undefined) return
      const profile = given(await registry.getSessionProfile({ tenantId, roleAlias }))
      const { scope, ...kept } = profile
      await done(
        registry.putSessionProfile({
          tenantId,
          roleAlias,
          profile: { ...kept, ...settings.profile },
        }),
      )
    },
    setStatus: (certificateId: string, status: 'ACTIVE' | 'INACTIVE' | 'REVOKED') =>
      done(
        registry.updateCertificateStatus({
          tenantId,
          certificateId: given(parseCertificateId(certificateId)),
          status,
        }),
      ),
    changeTenant: async (changed: Partial<TenantRecord>) => {
      const { record } = given(await registry.getTenant(tenantId))
      await done(registry.putTenant({ record: { ...record, ...changed }, only: 'known' }))
    },
    /** A tenant record like the demo's, for a tenant of the test's own. */
    openTenant: (changed: Partial<TenantRecord> = {}) =>
      done(
        registry.putTenant({
          record: {
            tenantId,
            status: 'ENABLED',
            roleArnPatterns: ['arn:aws:iam::123456789012:role/*'],
            externalId: `test-${randomUUID()}`,
            sessionTagKeys: [],
            certificatesWithoutCa: false,
            apiArnPatterns: [],
            defaultThing: 'never',
            inactiveCaRefusesDevices: false,
            authorizerRequiresThing: true,
            ...changed,
          },
          only: 'new',
        }),
      ),
  }
}

/** A device with a connection of its own, from an identity. */
export async function connect(stack: TestStack, identity?: Identity) {
  return createDevice(await stack.authorityPem(), identity)
}
