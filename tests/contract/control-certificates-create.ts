import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import {
  AcceptCertificateTransferCommand,
  CancelCertificateTransferCommand,
  CreateCertificateFromCsrCommand,
  CreateKeysAndCertificateCommand,
  DeleteCACertificateCommand,
  DescribeCACertificateCommand,
  DescribeCertificateCommand,
  type IoTClient,
  ListCACertificatesCommand,
  ListOutgoingCertificatesCommand,
  RejectCertificateTransferCommand,
  TransferCertificateCommand,
  UpdateCACertificateCommand,
} from '@aws-sdk/client-iot'
import { createRequest } from '@thingpass/x509/testing/certificate-requests'
import { createKey } from '@thingpass/x509/testing/keys'
import { describe, expect, test } from 'vitest'
import { errorOf, type World } from './control-world.ts'

/** Certificates that the service signs, and transfers, which it has not. */
export function testCreations(world: () => World): void {
  const describeIt = async (client: IoTClient, certificateId: string | undefined) =>
    (await client.send(new DescribeCertificateCommand({ certificateId }))).certificateDescription
  const casOf = async (client: IoTClient) =>
    (await client.send(new ListCACertificatesCommand({}))).certificates ?? []
  const fromCsr = (client: IoTClient, certificateSigningRequest: string, input: object = {}) =>
    client.send(new CreateCertificateFromCsrCommand({ certificateSigningRequest, ...input }))
  const createKeys = (client: IoTClient, input: object = {}) =>
    client.send(new CreateKeysAndCertificateCommand(input))

  describe('keys and certificate', () => {
    test('are made under a CA of the tenant, which is registered with the first', async () => {
      const { client, name } = await world().newTenant()
      expect(await casOf(client)).toEqual([])
      const made = await createKeys(client, { setAsActive: true })
      const [ca] = await casOf(client)
      const { certificateDescription: authority } = await client.send(
        new DescribeCACertificateCommand({ certificateId: ca?.certificateId }),
      )
      expect(authority).toMatchObject({ status: 'ACTIVE', certificateMode: 'DEFAULT' })
      const [leaf, issuer] = [
        new X509Certificate(made.certificatePem!),
        new X509Certificate(authority!.certificatePem!),
      ]
      expect(issuer.subject).toContain(`OU=${name}`)
      expect(leaf.checkIssued(issuer) && leaf.verify(issuer.publicKey)).toBe(true)
      expect(leaf.validToDate).toEqual(new Date('2049-12-31T23:59:59Z'))
      const privateKey = createPrivateKey(made.keyPair!.PrivateKey!)
      expect(leaf.checkPrivateKey(privateKey)).toBe(true)
      expect(privateKey.asymmetricKeyDetails?.modulusLength).toBe(2048)
      expect(createPublicKey(made.keyPair!.PublicKey!).equals(leaf.publicKey)).toBe(true)
      expect(await describeIt(client, made.certificateId)).toMatchObject({
        ...{ certificateArn: made.certificateArn, certificatePem: made.certificatePem },
        ...{ caCertificateId: ca?.certificateId, certificateMode: 'DEFAULT', status: 'ACTIVE' },
        validity: { notAfter: new Date('2049-12-31T23:59:59Z') },
      })
      const again = await createKeys(client)
      expect(again.certificateId).not.toBe(made.certificateId)
      expect(await describeIt(client, again.certificateId)).toMatchObject({ status: 'INACTIVE' })
      expect(await casOf(client)).toHaveLength(1)
    })

    test('of many who ask first at the same time stand under one CA', async () => {
      const { client } = await world().newTenant()
      const { pem } = createRequest()
      const all = await Promise.all(Array.from({ length: 6 }, () => fromCsr(client, pem)))
      expect(new Set(all.map(({ certificateId }) => certificateId)).size).toBe(6)
      expect(await casOf(client)).toHaveLength(1)
    })

    test('are not made while the CA is inactive; a CA that is deleted is made anew', async () => {
      const { client } = await world().newTenant()
      const { certificateId: device } = await createKeys(client)
      const [{ certificateId } = {}] = await casOf(client)
      await client.send(new UpdateCACertificateCommand({ certificateId, newStatus: 'INACTIVE' }))
      expect(await errorOf(createKeys(client))).toEqual([
        'InvalidRequestException',
        400,
        'The CA certificate that signs for the tenant is not active',
      ])
      await client.send(new DeleteCACertificateCommand({ certificateId }))
      const { certificateId: second } = await createKeys(client)
      const [ca] = await casOf(client)
      expect(ca?.certificateId).not.toBe(certificateId)
      expect(await describeIt(client, second)).toMatchObject({ caCertificateId: ca?.certificateId })
      expect(await describeIt(client, device)).toMatchObject({ caCertificateId: certificateId })
    })
  })

  describe('a certificate from a request', () => {
    test.each(['RSA-2048', 'P-256', 'P-384', 'P-521'] as const)(
      'has the name and the key (%s) of the request',
      async (kind) => {
        const { pem, key } = createRequest({ key: kind, subject: 'lamp-1' })
        const made = await fromCsr(world().client({ profile: 'acme' }), pem, { setAsActive: true })
        const leaf = new X509Certificate(made.certificatePem!)
        expect(leaf.subject).toBe('CN=lamp-1')
        const publicKey = leaf.publicKey.export({ type: 'spki', format: 'der' })
        expect(publicKey).toEqual(Buffer.from(key.publicKey))
        expect(made).not.toHaveProperty('keyPair')
        const client = world().client({ profile: 'acme' })
        expect(await describeIt(client, made.certificateId)).toMatchObject({ status: 'ACTIVE' })
      },
    )

    test('is another one each time', async () => {
      const client = world().client({ profile: 'acme' })
      const { pem } = createRequest()
      const [one, other] = [await fromCsr(client, pem), await fromCsr(client, pem)]
      expect(one.certificateId).not.toBe(other.certificateId)
    })

    const stranger = createKey('P-256')
    test.each([
      ['no request', 'nothing', 'request-malformed'],
      ['RSA-1024', createRequest({ key: 'RSA-1024' }).pem, 'request-key-unacceptable'],
      ['P-224', createRequest({ key: 'P-224' }).pem, 'request-key-unacceptable'],
      ["another's key", createRequest({ signingKey: stranger }).pem, 'request-signature-invalid'],
    ])('is not made of %s', async (_, pem, reason) => {
      expect(await errorOf(fromCsr(world().client({ profile: 'acme' }), pem))).toEqual([
        'InvalidRequestException',
        400,
        `The certificate signing request is not valid: ${reason}`,
      ])
    })

    test('is not made of more than 4096 characters', async () => {
      const call = fromCsr(world().client(), createRequest().pem.padEnd(4097))
      expect((await errorOf(call))[2]).toContain('length less than or equal to 4096')
    })

    test('is its tenant’s, and no other’s', async () => {
      const { pem } = createRequest()
      const { certificateId } = await fromCsr(world().client({ profile: 'acme' }), pem)
      const foreign = describeIt(world().client({ profile: 'beta' }), certificateId)
      expect((await errorOf(foreign))[0]).toBe('ResourceNotFoundException')
    })
  })

  test('certificates are not transferred, and whoever tries is told so', async () => {
    const certificateId = '0'.repeat(64)
    const client = world().client()
    const calls = {
      TransferCertificate: () =>
        client.send(
          new TransferCertificateCommand({ certificateId, targetAwsAccount: '210987654321' }),
        ),
      AcceptCertificateTransfer: () =>
        client.send(new AcceptCertificateTransferCommand({ certificateId })),
      RejectCertificateTransfer: () =>
        client.send(new RejectCertificateTransferCommand({ certificateId })),
      CancelCertificateTransfer: () =>
        client.send(new CancelCertificateTransferCommand({ certificateId })),
      ListOutgoingCertificates: () => client.send(new ListOutgoingCertificatesCommand({})),
    }
    for (const [name, call] of Object.entries(calls)) {
      expect(await errorOf(call())).toEqual([
        'InvalidRequestException',
        400,
        `${name}: certificate transfer is not supported here`,
      ])
    }
  })
}
