import { parseCaCertificateId, parseTenantId } from '@thingpass/core/names'
import { circumstances, facts, NOON } from '@thingpass/core/testing/decision-example'
import { createFakeRegistry } from '@thingpass/core/testing/fake-registry'
import { expect, test } from 'vitest'
import { createArns } from '../arn.ts'
import type { OperationContext } from '../operation.ts'
import { REGISTER_CA_CERTIFICATE_OPERATIONS } from './ca-certificates-register.ts'

const [registerCaCertificate] = REGISTER_CA_CERTIFICATE_OPERATIONS
const ADMINISTRATOR = 'arn:aws:iam::123456789012:user/administrator'
const ID = 'ca'.repeat(32)
const ca = {
  ...{ caCertificateId: parseCaCertificateId(ID)!, publicKey: new Uint8Array([48]), pem: 'PEM' },
  ...{ subjectDerSha256: ID, notBefore: NOON, notAfter: new Date('2046-01-01T00:00:00Z') },
}

function register(tenant: string, callerArn: string) {
  const body = JSON.stringify({ caCertificate: 'PEM' })
  const request = { query: [], headers: new Map(), body }
  const prepared = registerCaCertificate!.prepare({ request, labels: new Map() })
  if (!(prepared.ok && prepared.scope === 'tenant')) throw new Error('the input is valid')
  const context = {
    tenant: { ...facts.tenant, tenantId: parseTenantId(tenant)! },
    registry: createFakeRegistry({ clock: () => NOON }),
    arns: createArns(circumstances.deployment),
    callerArn,
    ports: {
      certificates: { parseCa: () => ({ ok: true, ca }) },
      isAdministrator: async (arn: string) => arn === ADMINISTRATOR,
      clock: () => NOON,
    },
  } as unknown as OperationContext
  return prepared.run(context)
}

test('the administrator registers a CA in default without proof', async () => {
  expect(await register('default', ADMINISTRATOR)).toMatchObject({ ok: true })
})

test.each([
  ['an operator of default', 'default', 'arn:aws:iam::123456789012:user/anna'],
  ['the administrator in another tenant', 'acme', ADMINISTRATOR],
])('%s does not', async (_, tenant, caller) => {
  expect(await register(tenant, caller)).toEqual({
    ok: false,
    error: {
      code: 'InvalidRequestException',
      message: 'verificationCertificate is required in every mode',
    },
  })
})
