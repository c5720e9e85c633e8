import { parseCaCertificateId, parseCertificateId, parseTenantId } from '@thingpass/core/names'
import type { RegistryWrites } from '@thingpass/core/registry-writes'
import { circumstances, facts, NOON } from '@thingpass/core/testing/decision-example'
import { createFakeRegistry } from '@thingpass/core/testing/fake-registry'
import { expect, test } from 'vitest'
import { createArns } from './arn.ts'
import type { TenantCertificateAuthority } from './certificate-ports.ts'
import type { OperationContext } from './operation.ts'
import { signWithTenantCa } from './tenant-certificate-authority.ts'

const tenantId = parseTenantId('acme')!
const ID = 'c1'.repeat(32)
const publicKey = new Uint8Array([48])
const request = { subject: undefined, publicKey }
const signed = { subject: [], issuerDerSha256: ID, notAfter: NOON, isSignedBy: () => true }

/** Every text is a CA certificate and a device certificate, but `refused`. */
const CERTIFICATES = {
  parseCa: (pem: string) =>
    pem === 'refused'
      ? ({ ok: false, reason: 'refused' } as const)
      : ({
          ok: true,
          ca: {
            ...{ caCertificateId: parseCaCertificateId(ID)!, publicKey, subjectDerSha256: ID },
            ...{ notBefore: NOON, notAfter: NOON, pem },
          },
        } as const),
  parseCertificate: (pem: string) =>
    pem === 'refused'
      ? ({ ok: false, reason: 'refused' } as const)
      : ({
          ok: true,
          certificate: { ...signed, certificateId: parseCertificateId(ID)!, pem },
        } as const),
}

function start(
  authority: Partial<TenantCertificateAuthority> = {},
  change: (registry: RegistryWrites) => Partial<RegistryWrites> = () => ({}),
) {
  const fake = createFakeRegistry({ clock: () => NOON })
  const registry = { ...fake, ...change(fake) }
  const made = {
    makeCaCertificate: async () => 'CA',
    issue: async (_: string, caPem: string) => `device under ${caPem}`,
    ...authority,
  }
  const certificates = { ...CERTIFICATES, authority: made }
  const context = {
    tenant: { ...facts.tenant, tenantId },
    registry,
    arns: createArns(circumstances.deployment),
    ports: { certificates },
  } as unknown as OperationContext
  return { registry, sign: () => signWithTenantCa({ request, setAsActive: false }, context) }
}

test('a certificate stands under the CA that the tenant has by then', async () => {
  const { sign, registry } = start()
  expect(await sign()).toMatchObject({ ok: true, certificatePem: 'device under CA' })
  const ca = await registry.getOwnCa(tenantId)
  expect(ca).toMatchObject({ record: { status: 'ACTIVE' }, certificateMode: 'DEFAULT', pem: 'CA' })
  expect(
    await registry.getCertificate({ tenantId, certificateId: parseCertificateId(ID)! }),
  ).toMatchObject({
    record: { status: 'INACTIVE', registration: { caCertificateId: ID } },
  })
})

const NO_KEY = {
  ok: false,
  error: {
    code: 'InvalidRequestException',
    message: 'This deployment signs no certificates for tenant acme',
  },
}

test('without a key of the tenant nothing is made, and no CA registered', async () => {
  const { sign, registry } = start({ makeCaCertificate: async () => undefined })
  expect(await sign()).toEqual(NO_KEY)
  expect(await registry.getOwnCa(tenantId)).toBeUndefined()
})

test('nor with a CA whose key is no longer there', async () => {
  const { sign } = start({ issue: async () => undefined })
  expect(await sign()).toEqual(NO_KEY)
})

test('a CA that was deactivated or deleted meanwhile is said, in a code that the operation has', async () => {
  for (const conflict of ['ca-inactive', 'ca-unknown'] as const) {
    const { sign } = start({}, () => ({
      registerCertificate: async () => ({ ok: false, conflict }),
    }))
    expect(await sign()).toMatchObject({ error: { code: 'InvalidRequestException' } })
  }
})

const inconsistent = { code: 'REGISTRY_INCONSISTENT' }
test.each<[string, Parameters<typeof start>, object]>([
  [
    'a CA of ours that another tenant has',
    [{}, () => ({ registerCa: async () => ({ ok: false, conflict: 'ca-of-other-tenant' }) })],
    inconsistent,
  ],
  [
    'a CA that is gone as soon as it is made',
    [{}, () => ({ getOwnCa: async () => undefined })],
    inconsistent,
  ],
  [
    'a CA without its PEM',
    [
      {},
      (registry) => ({
        getOwnCa: async (id) => {
          const { pem: _pem, ...ca } = (await registry.getOwnCa(id)) ?? { pem: '' }
          return 'record' in ca ? ca : undefined
        },
      }),
    ],
    inconsistent,
  ],
  [
    'a CA certificate that is refused',
    [{ makeCaCertificate: async () => 'refused' }],
    { code: 'UNEXPECTED' },
  ],
  ['a certificate that is refused', [{ issue: async () => 'refused' }], { code: 'UNEXPECTED' }],
])('%s is a fault', async (_, parts, fault) => {
  await expect(start(...parts).sign()).rejects.toMatchObject(fault)
})
