import {
  DeleteCertificateCommand,
  DescribeCertificateCommand,
  type IoTClient,
  ListCertificatesByCACommand,
  ListCertificatesCommand,
  RegisterCertificateCommand,
  type RegisterCertificateRequest,
  RegisterCertificateWithoutCACommand,
  UpdateCACertificateCommand,
} from '@aws-sdk/client-iot'
import { toPem } from '@thingpass/x509/testing/certificates'
import { describe, expect, test } from 'vitest'
import { inOrder, newAuthority, newDevice, refusalOf, registerCa } from './control-cas-scene.ts'
import { errorOf, NOW, pagesOf, type World } from './control-world.ts'

/** Registrations of certificates that others have signed, and their lists. */
export function testRegistrations(world: () => World): void {
  const acme = () => world().client({ profile: 'acme' })
  const beta = () => world().client({ profile: 'beta' })
  const register = (client: IoTClient, input: Partial<RegisterCertificateRequest>) =>
    client.send(new RegisterCertificateCommand({ certificatePem: '', ...input }))
  const describeIt = async (client: IoTClient, certificateId: string | undefined) =>
    (await client.send(new DescribeCertificateCommand({ certificateId }))).certificateDescription
  const invalid = (message: string) => ['CertificateValidationException', 400, message]
  const UNKNOWN_CA = invalid('The CA certificate is not registered')

  describe('a certificate', () => {
    test.each(['DEFAULT', 'SNI_ONLY'] as const)(
      'is registered under the CA that has signed it, in its mode %s',
      async (certificateMode) => {
        const ca = newAuthority()
        const { certificateId: caCertificateId } = await registerCa(acme(), ca, { certificateMode })
        const device = newDevice(ca)
        const { certificateId, certificateArn } = await register(acme(), {
          certificatePem: device.pem.replaceAll('\n', '\r\n'),
        })
        expect(await describeIt(acme(), certificateId)).toMatchObject({
          ...{ certificateId, certificateArn, caCertificateId, certificateMode },
          ...{ status: 'INACTIVE', certificatePem: device.pem, customerVersion: 1 },
        })
      },
    )

    test.each([
      [{ setAsActive: true }, 'ACTIVE'],
      [{ setAsActive: false }, 'INACTIVE'],
      [{ status: 'ACTIVE' }, 'ACTIVE'],
      [{ status: 'INACTIVE' }, 'INACTIVE'],
      [{ status: 'REVOKED' }, 'REVOKED'],
      [{ status: 'REVOKED', setAsActive: false }, 'REVOKED'],
      [{ status: 'ACTIVE', setAsActive: true }, 'ACTIVE'],
    ] as const)('with %j is %s', async (input, status) => {
      const ca = newAuthority()
      await registerCa(acme(), ca)
      const certificatePem = newDevice(ca).pem
      const { certificateId } = await register(acme(), { certificatePem, ...input })
      expect(await describeIt(acme(), certificateId)).toMatchObject({ status })
    })

    test.each([
      [{ status: 'INACTIVE', setAsActive: true }],
      [{ status: 'ACTIVE', setAsActive: false }],
    ] as const)('is not registered with %j', async (input) => {
      const ca = newAuthority()
      await registerCa(acme(), ca)
      const call = register(acme(), { certificatePem: newDevice(ca).pem, ...input })
      expect((await errorOf(call)).slice(0, 2)).toEqual(['InvalidRequestException', 400])
    })

    test.each(['PENDING_ACTIVATION', 'PENDING_TRANSFER', 'REGISTER_INACTIVE'] as const)(
      'is not registered %s',
      async (status) => {
        const ca = newAuthority()
        await registerCa(acme(), ca)
        const call = register(acme(), { certificatePem: newDevice(ca).pem, status })
        expect(await errorOf(call)).toEqual([
          'CertificateStateException',
          406,
          `Not allowed to register certificate with ${status} status`,
        ])
      },
    )

    test('is registered once', async () => {
      const ca = newAuthority()
      await registerCa(acme(), ca)
      const certificatePem = newDevice(ca).pem
      const first = await register(acme(), { certificatePem })
      expect(await refusalOf(register(acme(), { certificatePem }))).toEqual({
        name: 'ResourceAlreadyExistsException',
        message: 'The certificate is already provisioned or registered',
        resourceId: first.certificateId,
        resourceArn: first.certificateArn,
      })
    })

    test('that is deleted can be registered again, as another one', async () => {
      const ca = newAuthority()
      await registerCa(acme(), ca)
      const certificatePem = newDevice(ca).pem
      const { certificateId } = await register(acme(), { certificatePem })
      const first = await describeIt(acme(), certificateId)
      await acme().send(new DeleteCertificateCommand({ certificateId }))
      expect(await register(acme(), { certificatePem })).toMatchObject({ certificateId })
      const second = await describeIt(acme(), certificateId)
      expect(second?.generationId).not.toBe(first?.generationId)
    })

    test('whose CA nobody has registered is not registered', async () => {
      const ca = newAuthority()
      const certificatePem = newDevice(ca).pem
      expect(await errorOf(register(acme(), { certificatePem }))).toEqual(UNKNOWN_CA)
      const sent = register(acme(), { certificatePem, caCertificatePem: ca.pem })
      expect(await errorOf(sent)).toEqual(UNKNOWN_CA)
    })

    test("under another tenant's CA is not registered, and the answer is the same", async () => {
      const ca = newAuthority()
      await registerCa(acme(), ca)
      const certificatePem = newDevice(ca).pem
      for (const caCertificatePem of [undefined, ca.pem]) {
        const before = await errorOf(register(beta(), { certificatePem, caCertificatePem }))
        expect(before).toEqual(UNKNOWN_CA)
      }
      await register(acme(), { certificatePem })
      expect(await errorOf(register(beta(), { certificatePem }))).toEqual(UNKNOWN_CA)
    })

    test('under one of two CAs of one name needs to say which', async () => {
      const { client } = await world().newTenant()
      const [first, second] = [newAuthority({ subject: 'Twin' }), newAuthority({ subject: 'Twin' })]
      await registerCa(client, first)
      const { certificateId: caCertificateId } = await registerCa(client, second)
      const certificatePem = newDevice(second).pem
      expect(await errorOf(register(client, { certificatePem }))).toEqual([
        'CertificateConflictException',
        409,
        'More than one CA certificate has the name of the issuer: send the CA certificate that signed',
      ])
      const wrong = register(client, { certificatePem, caCertificatePem: first.pem })
      expect(await errorOf(wrong)).toEqual(invalid('The certificate is not signed by the CA'))
      const { certificateId } = await register(client, {
        ...{ certificatePem, caCertificatePem: second.pem },
      })
      expect(await describeIt(client, certificateId)).toMatchObject({ caCertificateId })
    })

    test('that only has the name of the CA is not registered', async () => {
      const { client } = await world().newTenant()
      await registerCa(client, newAuthority({ subject: 'Forged' }))
      const certificatePem = newDevice(newAuthority({ subject: 'Forged' })).pem
      expect(await errorOf(register(client, { certificatePem }))).toEqual(
        invalid('The certificate is not signed by the CA'),
      )
    })

    test('under a CA that is not active is not registered', async () => {
      const ca = newAuthority()
      const { certificateId } = await registerCa(acme(), ca)
      await acme().send(new UpdateCACertificateCommand({ certificateId, newStatus: 'INACTIVE' }))
      expect(await errorOf(register(acme(), { certificatePem: newDevice(ca).pem }))).toEqual([
        'CertificateStateException',
        406,
        'The CA certificate is not active',
      ])
    })

    const ca = newAuthority()
    const device = newDevice(ca)
    test.each([
      ['that is no PEM', 'nothing', 'certificate-malformed'],
      ['with its chain', device.pem + ca.pem, 'certificate-malformed'],
      ['with text before it', `CN=x\n${device.pem}`, 'certificate-malformed'],
      [
        'in PEM of another kind',
        device.pem.replaceAll('CERTIFICATE', 'X509 CRL'),
        'certificate-malformed',
      ],
      ['of 9000 octets', toPem(Buffer.alloc(9000, 0x30)), 'certificate-too-large'],
      [
        'with a key of 1024 bits',
        newDevice(ca, { key: 'RSA-1024' }).pem,
        'certificate-key-unacceptable',
      ],
      [
        'signed with SHA-1',
        newDevice(ca, { signature: 'sha1' }).pem,
        'certificate-signature-unacceptable',
      ],
    ])('%s is not registered, and not repeated', async (_, certificatePem, reason) => {
      expect(await errorOf(register(acme(), { certificatePem }))).toEqual(
        invalid(`The certificate is not valid: ${reason}`),
      )
    })

    test('that has expired is not registered; one that is not valid yet is', async () => {
      await registerCa(acme(), ca)
      const expired = newDevice(ca, { notAfter: NOW })
      expect(await errorOf(register(acme(), { certificatePem: expired.pem }))).toEqual(
        invalid('The certificate has expired'),
      )
      const early = newDevice(ca, { notBefore: new Date('2030-01-01T00:00:00Z') })
      expect(await register(acme(), { certificatePem: early.pem })).toMatchObject({})
    })

    test('is not registered with what is no CA certificate', async () => {
      const input = { certificatePem: device.pem, caCertificatePem: device.pem }
      expect(await errorOf(register(acme(), input))).toEqual(
        invalid('The CA certificate is not valid: ca-certificate-not-a-ca'),
      )
    })

    test.each([{}, { certificatePem: '' }, { certificatePem: 'x'.repeat(65_537) }])(
      'is not registered without a PEM of fit length',
      async (input) => {
        const call = world().call('POST', '/certificate/register', input)
        expect(await call).toMatchObject({ status: 400, errorType: 'InvalidRequestException' })
      },
    )
  })

  describe('a certificate without a CA', () => {
    const open = async () => {
      const tenant = await world().newTenant()
      const found = await world().writes.getTenant(tenant.tenantId)
      const record = { ...found!.record, certificatesWithoutCa: true }
      await world().writes.putTenant({ record })
      return tenant.client
    }
    const alone = (client: IoTClient, certificatePem: string, input: object = {}) =>
      client.send(new RegisterCertificateWithoutCACommand({ certificatePem, ...input }))

    test('is registered where the tenant may do so', async () => {
      const client = await open()
      const { certificateId } = await alone(client, newDevice(newAuthority()).pem)
      const description = await describeIt(client, certificateId)
      expect(description).toMatchObject({ status: 'INACTIVE', certificateMode: 'SNI_ONLY' })
      expect(description?.caCertificateId).toBeUndefined()
      const active = await alone(client, newAuthority().pem, { status: 'ACTIVE' })
      expect(await describeIt(client, active.certificateId)).toMatchObject({ status: 'ACTIVE' })
      const pending = alone(client, newAuthority().pem, { status: 'PENDING_ACTIVATION' })
      expect(await errorOf(pending)).toEqual([
        'CertificateStateException',
        406,
        'Not allowed to register certificate with PENDING_ACTIVATION status',
      ])
      expect((await errorOf(alone(client, 'nothing')))[0]).toBe('CertificateValidationException')
    })

    test('is not registered where the tenant may not', async () => {
      expect(await errorOf(alone(acme(), newDevice(newAuthority()).pem))).toEqual([
        'InvalidRequestException',
        400,
        'Tenant acme may not register certificates without a CA',
      ])
    })

    test.each(['ACTIVE', 'INACTIVE'] as const)(
      'T28: that an own CA has signed, %s, is not registered: its list would not speak of it',
      async (newStatus) => {
        const client = await open()
        const ca = newAuthority()
        const { certificateId } = await registerCa(client, ca)
        await client.send(new UpdateCACertificateCommand({ certificateId, newStatus }))
        const message = `The certificate is signed by a registered CA certificate: register it under that (RegisterCertificate). Id: ${certificateId}`
        expect(await errorOf(alone(client, newDevice(ca).pem))).toEqual(invalid(message))
        const namesake = newDevice(newAuthority({ subject: ca.subject }))
        expect(await alone(client, namesake.pem)).toMatchObject({})
      },
    )

    test('stays registered when its CA is registered after it', async () => {
      const client = await open()
      const ca = newAuthority()
      const { certificateId } = await alone(client, newDevice(ca).pem)
      await registerCa(client, ca)
      expect((await describeIt(client, certificateId))?.caCertificateId).toBeUndefined()
    })

    test("that another tenant's CA has signed is not registered", async () => {
      const ca = newAuthority({ subject: 'CA of acme' })
      await registerCa(acme(), ca)
      const client = await open()
      expect(await errorOf(alone(client, newDevice(ca).pem))).toEqual(UNKNOWN_CA)
      // Of the same name is not by the same key: this one is nobody's.
      const namesake = newDevice(newAuthority({ subject: 'CA of acme' }))
      expect(await alone(client, namesake.pem)).toMatchObject({})
    })

    test('that another tenant has is not registered, and whose it is is not said', async () => {
      const certificatePem = newDevice(newAuthority()).pem
      await alone(await open(), certificatePem)
      expect(await refusalOf(alone(await open(), certificatePem))).toEqual({
        name: 'ResourceAlreadyExistsException',
        message: 'The certificate is already provisioned or registered',
        resourceId: undefined,
        resourceArn: undefined,
      })
    })
  })

  describe('certificates are listed', () => {
    const idsOf = (certificates: readonly { certificateId?: string | undefined }[] | undefined) =>
      (certificates ?? []).map(({ certificateId }) => certificateId!)

    test('a tenant its own, all and by CA, in pages that outlast a deletion', async () => {
      const { client } = await world().newTenant()
      const [ca, other] = [newAuthority(), newAuthority()]
      const { certificateId: caCertificateId } = await registerCa(client, ca)
      await registerCa(client, other, { certificateMode: 'SNI_ONLY' })
      const ids: string[] = []
      for (let n = 0; n < 4; n += 1) {
        const { certificateId } = await register(client, { certificatePem: newDevice(ca).pem })
        ids.push(certificateId!)
      }
      const last = await register(client, { certificatePem: newDevice(other).pem })
      const all = inOrder([...ids, last.certificateId!])
      const pages = await pagesOf(async (marker) => {
        const page = await client.send(new ListCertificatesCommand({ pageSize: 2, marker }))
        return [idsOf(page.certificates), page.nextMarker]
      })
      expect(pages).toEqual([all.slice(0, 2), all.slice(2, 4), all.slice(4)])
      const down = new ListCertificatesCommand({ ascendingOrder: false })
      const { certificates } = await client.send(down)
      expect(idsOf(certificates)).toEqual(all.toReversed())
      expect(certificates?.find(({ certificateId }) => certificateId === ids[0])).toEqual({
        certificateArn: expect.stringContaining(`:cert/${ids[0]}`),
        ...{ certificateId: ids[0], status: 'INACTIVE', certificateMode: 'DEFAULT' },
        creationDate: NOW,
      })
      const sorted = inOrder(ids)
      const byCa = (input: object) =>
        client.send(new ListCertificatesByCACommand({ caCertificateId, ...input }))
      const first = await byCa({ pageSize: 2 })
      expect(idsOf(first.certificates)).toEqual(sorted.slice(0, 2))
      const certificateId = sorted[1]!
      await client.send(new DeleteCertificateCommand({ certificateId }))
      const rest = await byCa({ pageSize: 2, marker: first.nextMarker })
      expect([idsOf(rest.certificates), rest.nextMarker]).toEqual([sorted.slice(2), undefined])
      expect(idsOf((await byCa({ ascendingOrder: false })).certificates)).toEqual([
        ...[sorted[3], sorted[2], sorted[0]],
      ])
      const foreign = new ListCertificatesByCACommand({ caCertificateId })
      expect((await beta().send(foreign)).certificates).toEqual([])
    })

    test.each([{ pageSize: 0 }, { pageSize: 251 }, { marker: '!' }, { marker: 'MSBub3RoaW5n' }])(
      'not with %j',
      async (input) => {
        const all = acme().send(new ListCertificatesCommand(input))
        expect((await errorOf(all)).slice(0, 2)).toEqual(['InvalidRequestException', 400])
        const caCertificateId = '0'.repeat(64)
        const byCa = new ListCertificatesByCACommand({ caCertificateId, ...input })
        expect((await errorOf(acme().send(byCa)))[0]).toBe('InvalidRequestException')
      },
    )

    test('not under what is no CA certificate id', async () => {
      const call = acme().send(new ListCertificatesByCACommand({ caCertificateId: 'x' }))
      expect((await errorOf(call))[0]).toBe('InvalidRequestException')
    })
  })
}
