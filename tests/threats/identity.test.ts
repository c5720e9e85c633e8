import { createCa, issueCertificate } from '@thingpass/x509/testing/certificates'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { idOf } from '../support/fleet.ts'
import { startThreatStage, type ThreatStage } from './stage.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }) // whole stacks, on machines that do other things, too

const INVALID = { status: 403, body: '{"message":"Certificate is invalid on this endpoint"}' }

let stage: ThreatStage
let device: { readonly certificatePem: string; readonly certificateId: string }
let other: typeof device
beforeAll(async () => {
  stage = await startThreatStage()
  const policies = ['camera-credentials']
  device = await stage.fleet().addDevice({ thing: 'victim', policies })
  other = await stage.fleet().addDevice({ thing: 'attacker' })
})
afterAll(() => stage.close())

test('T03: whatever headers say of a certificate, whoever presented none is nobody, and whoever presented one is that one', async () => {
  const { ask } = stage.openHandler()
  const pem = encodeURIComponent(device.certificatePem)
  const names = [
    'x-tls-client-cert',
    'x-amzn-mtls-clientcert',
    'x-amzn-mtls-clientcert-leaf',
    'x-forwarded-client-cert',
    'ssl-client-cert',
    'x-ssl-cert',
    'clientcert',
  ]
  const headers = fc.dictionary(
    fc.constantFrom(...names, ...names.map((name) => name.toUpperCase())),
    fc.constantFrom(pem, device.certificatePem.replaceAll('\n', ' '), device.certificateId),
  )
  await fc.assert(
    fc.asyncProperty(headers, async (sent) => {
      const none = await ask('', { headers: sent, edit: withoutCertificate })
      expect(none).toMatchObject({ ...INVALID, audit: { reason: 'certificate-missing' } })
      const attacker = await ask(other.certificatePem, { headers: sent })
      expect(attacker).toMatchObject({
        status: 403,
        audit: { certificateId: other.certificateId, reason: 'policy-does-not-allow' },
      })
    }),
    { numRuns: 20 },
  )
})

test('T04: strings of the event that tell of another certificate change nothing', async () => {
  const { ask } = stage.openHandler()
  const lies = {
    subjectDN: 'CN=victim',
    issuerDN: 'CN=x',
    serialNumber: '1',
    certificateId: device.certificateId,
  }
  const lying = await ask(other.certificatePem, { edit: withCertificateMembers(lies) })
  expect(lying).toMatchObject({ status: 403, audit: { certificateId: other.certificateId } })
  const honest = await ask(device.certificatePem, {
    edit: withCertificateMembers({ ...lies, subjectDN: 'CN=attacker' }),
  })
  expect(honest).toMatchObject({ status: 200, audit: { certificateId: device.certificateId } })
})

describe('T05: a PEM that two parsers could read as two certificates is nobody’s', () => {
  const der = () =>
    Buffer.from(device.certificatePem.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64')
  const pemOf = (octets: Buffer, label = 'CERTIFICATE') =>
    `-----BEGIN ${label}-----\n${octets.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`
  const cases: readonly (readonly [string, () => string])[] = [
    ['the victim’s behind the attacker’s', () => other.certificatePem + device.certificatePem],
    ['the attacker’s behind the victim’s', () => device.certificatePem + other.certificatePem],
    ['text before it', () => `subject=CN=victim\n${device.certificatePem}`],
    ['text behind it', () => `${device.certificatePem}x`],
    ['another label', () => pemOf(der(), 'TRUSTED CERTIFICATE')],
    ['an octet behind the DER', () => pemOf(Buffer.concat([der(), Buffer.from([0])]))],
    ['a second certificate in the block', () => pemOf(Buffer.concat([der(), der()]))],
  ]
  test.each(cases)('%s', async (_, pem) => {
    const { ask, sessions } = stage.openHandler()
    const answer = await ask(pem())
    expect(answer).toMatchObject({ ...INVALID, audit: { reason: 'certificate-malformed' } })
    expect(sessions).toEqual([])
  })
})

describe('a certificate that another key signed is refused, though its record names the tenant’s CA', () => {
  test.each([
    [
      'T06: of a rogue CA with name and serial number of the real one',
      () => createCa({ serialNumber: 1n }),
    ],
    ['T06: of a rogue CA, without key ids', () => createCa({ subjectKeyId: false })],
    [
      'T07: of a device of the same CA',
      async () => issueCertificate(await stage.ca(), { keyUsage: ['keyCertSign'] }),
    ],
  ])('%s', async (_, makeSigner) => {
    const signer = await makeSigner()
    const { pem } = issueCertificate(signer, { issuer: 'Test CA', serialNumber: 7n })
    await stage.register(pem)
    const { ask, sessions } = stage.openHandler()
    expect(await ask(pem)).toMatchObject({
      ...INVALID,
      audit: { reason: 'certificate-not-signed-by-ca', certificateId: idOf(pem) },
    })
    expect(sessions).toEqual([])
  })
})

test.each([
  ['for servers', ['serverAuth'] as const],
  ['for nothing at all', [] as const],
])('T08: a certificate %s is refused, though the tenant’s CA signed it', async (_, usage) => {
  const { pem } = issueCertificate(await stage.ca(), { extendedKeyUsage: [...usage] })
  await stage.register(pem)
  expect(await stage.openHandler().ask(pem)).toMatchObject({
    ...INVALID,
    audit: { reason: 'certificate-usage-unfit' },
  })
})

test('T09: names of a certificate that say they are another device give it nothing', async () => {
  const policies = [
    {
      Effect: 'Allow',
      Action: 'iot:AssumeRoleWithCertificate',
      Resource: '*',
      Condition: { StringEquals: { 'iot:Certificate.Subject.CommonName': 'admin' } },
    },
  ]
  await stage.fleet().addPolicy('admins', ...policies)
  const subjects = [
    [
      { type: 'CN', value: 'cam' },
      { type: 'CN', value: 'admin' },
    ],
    [
      [
        { type: 'O', value: 'A + CN=admin' },
        { type: 'CN', value: 'cam' },
      ],
    ],
    [{ type: 'O', value: 'A\nCN=admin' }],
    [{ type: 'CN', value: 'cam,CN=admin' }],
  ]
  for (const subject of subjects) {
    const { pem } = issueCertificate(await stage.ca(), { subject })
    await stage.register(pem)
    await stage.attachPolicy('admins', idOf(pem))
    expect(await stage.openHandler().ask(pem)).toMatchObject({
      status: 403,
      audit: { reason: 'policy-does-not-allow' },
    })
  }
  const { pem } = issueCertificate(await stage.ca(), { subject: 'admin' })
  await stage.register(pem)
  await stage.attachPolicy('admins', idOf(pem))
  expect((await stage.openHandler().ask(pem)).status).toBe(200)
})

function withoutCertificate(event: { readonly requestContext: object }) {
  return { ...event, requestContext: { ...event.requestContext, authentication: undefined } }
}

function withCertificateMembers(members: object) {
  return (event: Parameters<typeof withoutCertificate>[0]) => {
    const context = event.requestContext as { authentication: { clientCert: object } }
    const clientCert = { ...context.authentication.clientCert, ...members }
    return { ...event, requestContext: { ...context, authentication: { clientCert } } }
  }
}
