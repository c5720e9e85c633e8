import {
  DeleteCACertificateCommand,
  DeleteRegistrationCodeCommand,
  DescribeCACertificateCommand,
  GetRegistrationCodeCommand,
  ListCACertificatesCommand,
  ListTagsForResourceCommand,
  RegisterCACertificateCommand,
  UpdateCACertificateCommand,
} from '@aws-sdk/client-iot'
import {
  createCa,
  issueCertificate,
  NOT_AFTER,
  NOT_BEFORE,
} from '@thingpass/x509/testing/certificates'
import { createKey, withPointForm } from '@thingpass/x509/testing/keys'
import { describe, expect, test } from 'vitest'
import {
  forgedAuthority,
  inOrder,
  newAuthority,
  newDevice,
  proofOf,
  refusalOf,
  registerCa,
} from './control-cas-scene.ts'
import { ACCOUNT, errorOf, NOW, pagesOf, type World } from './control-world.ts'

/** CA certificates and registration codes. */
export function testCas(world: () => World): void {
  const describeIt = (certificateId: string, who?: Parameters<World['client']>[0]) =>
    world().client(who).send(new DescribeCACertificateCommand({ certificateId }))
  const acme = () => world().client({ profile: 'acme' })
  const beta = () => world().client({ profile: 'beta' })

  describe('a registration code', () => {
    test('is the same until it is deleted, and no other tenant has it', async () => {
      const [one, other] = [await world().newTenant(), await world().newTenant()]
      const codeOf = async ({ client }: typeof one) =>
        (await client.send(new GetRegistrationCodeCommand({}))).registrationCode
      const code = await codeOf(one)
      expect(code).toMatch(/^[0-9a-f]{64}$/)
      expect(await codeOf(one)).toBe(code)
      expect(await codeOf(other)).not.toBe(code)
      await one.client.send(new DeleteRegistrationCodeCommand({}))
      expect(await codeOf(one)).not.toBe(code)
    })

    test('is one code for all who ask first at the same time', async () => {
      const { client } = await world().newTenant()
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => client.send(new GetRegistrationCodeCommand({}))),
      )
      expect(new Set(answers.map(({ registrationCode }) => registrationCode)).size).toBe(1)
    })

    test('that is not there is not deleted', async () => {
      const { client } = await world().newTenant()
      const remove = client.send(new DeleteRegistrationCodeCommand({}))
      expect(await errorOf(remove)).toEqual([
        'ResourceNotFoundException',
        404,
        'There is no registration code',
      ])
    })
  })

  describe('CA certificates', () => {
    test.each(['DEFAULT', 'SNI_ONLY'] as const)('are registered in mode %s', async (mode) => {
      const ca = newAuthority()
      const { certificateId, certificateArn } = await registerCa(acme(), ca, {
        certificateMode: mode,
        allowAutoRegistration: true,
        tags: [{ Key: 'site', Value: 'ulm' }],
      })
      const { certificateDescription } = await describeIt(certificateId, { profile: 'acme' })
      expect(certificateDescription).toEqual({
        ...{ certificateArn, certificateId, status: 'ACTIVE', ownedBy: ACCOUNT },
        ...{ creationDate: NOW, lastModifiedDate: NOW, customerVersion: 1 },
        ...{ autoRegistrationStatus: 'ENABLE', certificateMode: mode },
        certificatePem: ca.pem,
        generationId: expect.any(String),
        validity: { notBefore: NOT_BEFORE, notAfter: NOT_AFTER },
      })
      const list = new ListTagsForResourceCommand({ resourceArn: certificateArn })
      expect((await acme().send(list)).tags).toEqual([{ Key: 'site', Value: 'ulm' }])
    })

    test('are inactive, by default, and register nothing by themselves', async () => {
      const { certificateId } = await registerCa(acme(), newAuthority(), { setAsActive: undefined })
      const { certificateDescription } = await describeIt(certificateId, { profile: 'acme' })
      expect(certificateDescription).toMatchObject({
        status: 'INACTIVE',
        autoRegistrationStatus: 'DISABLE',
        certificateMode: 'DEFAULT',
      })
    })

    test('may be intermediate', async () => {
      const root = newAuthority()
      const intermediate = newDevice(root, {
        subject: 'Intermediate',
        basicConstraints: { ca: true, pathLength: 0 },
        keyUsage: ['keyCertSign'],
        extendedKeyUsage: false,
      })
      const { certificateId } = await registerCa(acme(), intermediate)
      expect(await describeIt(certificateId, { profile: 'acme' })).toBeDefined()
    })

    test('are registered once', async () => {
      const ca = newAuthority()
      const { certificateId, certificateArn } = await registerCa(acme(), ca)
      expect(await refusalOf(registerCa(acme(), ca))).toEqual({
        name: 'ResourceAlreadyExistsException',
        message: 'The CA certificate is already registered',
        resourceId: certificateId,
        resourceArn: certificateArn,
      })
    })

    test('of one name are ten at most', async () => {
      const { client } = await world().newTenant()
      const subject = 'One of many'
      for (let n = 0; n < 10; n += 1) await registerCa(client, newAuthority({ subject }))
      expect(await errorOf(registerCa(client, newAuthority({ subject })))).toEqual([
        'LimitExceededException',
        410,
        'At most 10 CA certificates have one subject name',
      ])
    })

    const key = createKey('P-256')
    test.each([
      ['certificate', {}, {}],
      ['key', { key, subject: 'Of acme' }, { key, subject: 'Of beta' }],
      ['name', { subject: 'Of both' }, { subject: 'Of both' }],
    ])('of another tenant are not known by their %s', async (_, ofAcme, ofBeta) => {
      const first = newAuthority(ofAcme)
      const second = Object.keys(ofBeta).length === 0 ? first : newAuthority(ofBeta)
      const { certificateId } = await registerCa(acme(), first)
      const refusal = await refusalOf(registerCa(beta(), second))
      expect(refusal).toEqual({
        name: 'ResourceAlreadyExistsException',
        message: 'The key or the subject name of the CA certificate is in use',
        resourceId: undefined,
        resourceArn: undefined,
      })
      expect(JSON.stringify(refusal)).not.toContain(certificateId)
      await acme().send(new UpdateCACertificateCommand({ certificateId, newStatus: 'INACTIVE' }))
      await acme().send(new DeleteCACertificateCommand({ certificateId }))
      expect(await registerCa(beta(), second)).toBeDefined()
    })
  })

  test("T07: a key is one tenant's in whatever encoding another one has it", async () => {
    const ca = newAuthority()
    await registerCa(acme(), ca)
    for (const form of ['compressed', 'hybrid'] as const) {
      const again = newAuthority({ key: withPointForm(ca.key, form) })
      expect(await errorOf(registerCa(beta(), again))).toEqual([
        'CertificateValidationException',
        400,
        'The CA certificate is not valid: ca-certificate-key-unacceptable',
      ])
    }
  })

  describe('proof that the key is had', () => {
    const register = (
      input: Partial<ConstructorParameters<typeof RegisterCACertificateCommand>[0]>,
    ) =>
      acme().send(new RegisterCACertificateCommand({ caCertificate: newAuthority().pem, ...input }))
    const REQUIRED = [
      'InvalidRequestException',
      400,
      'verificationCertificate is required in every mode',
    ]

    test.each(['DEFAULT', 'SNI_ONLY', undefined] as const)(
      'is required in mode %s',
      async (certificateMode) => {
        expect(await errorOf(register({ certificateMode }))).toEqual(REQUIRED)
      },
    )

    test('is required of the administrator, too, in a tenant that is not default', async () => {
      const client = world().client({ profile: 'default', tenant: 'acme' })
      const { pem: caCertificate } = newAuthority()
      const call = client.send(new RegisterCACertificateCommand({ caCertificate }))
      expect(await errorOf(call)).toEqual(REQUIRED)
    })

    test('is not required of the administrator in default', async () => {
      const ca = newAuthority()
      const call = new RegisterCACertificateCommand({ caCertificate: ca.pem })
      const { certificateId } = await world().client().send(call)
      expect((await describeIt(certificateId!)).certificateDescription).toMatchObject({
        status: 'INACTIVE',
      })
    })

    test('that is given is looked at, even so', async () => {
      const call = new RegisterCACertificateCommand({
        caCertificate: newAuthority().pem,
        verificationCertificate: newAuthority().pem,
      })
      expect((await errorOf(world().client().send(call)))[0]).toBe('CertificateValidationException')
    })

    const UNSIGNED = [
      'CertificateValidationException',
      400,
      'The verification certificate is not signed by the CA',
    ]
    const WRONG_CODE = [
      'RegistrationCodeValidationException',
      400,
      'The common name of the verification certificate is not the registration code',
    ]

    test("is not another CA's, though of the same name", async () => {
      const ca = newAuthority({ subject: 'Twin' })
      const verificationCertificate = await proofOf(acme(), newAuthority({ subject: 'Twin' }))
      const call = register({ caCertificate: ca.pem, verificationCertificate })
      expect(await errorOf(call)).toEqual(UNSIGNED)
    })

    const OF_OTHER_NAME = [
      'CertificateValidationException',
      400,
      'The verification certificate has another issuer name than the subject of the CA certificate',
    ]

    test('T06: that was made for one name of a key is none for another name', async () => {
      const ca = newAuthority()
      const verificationCertificate = await proofOf(acme(), ca)
      const given = (caCertificate: string) =>
        errorOf(register({ caCertificate, verificationCertificate }))
      expect(await given(forgedAuthority(ca, { subject: 'Forged' }).pem)).toEqual(OF_OTHER_NAME)
      expect(await given(newAuthority({ key: ca.key }).pem)).toEqual(OF_OTHER_NAME)
      expect(await given(ca.pem)).toEqual([undefined, undefined, undefined])
    })

    const IN_FIVE_MINUTES = new Date(NOW.getTime() + 300_000)
    test.each([
      ['begins now', { notBefore: NOW }, true],
      ['begins as far ahead as clocks may differ', { notBefore: IN_FIVE_MINUTES }, true],
      ['begins later', { notBefore: new Date(IN_FIVE_MINUTES.getTime() + 1000) }, false],
      ['ends in a second', { notAfter: new Date(NOW.getTime() + 1000) }, true],
      ['ends now', { notAfter: NOW }, false],
    ])('that %s counts by the clock: %j', async (_, validity, counts) => {
      const ca = newAuthority()
      const verificationCertificate = await proofOf(acme(), ca, validity)
      const call = register({ caCertificate: ca.pem, verificationCertificate })
      const message = 'The verification certificate has expired or is not valid yet'
      expect(await errorOf(call)).toEqual(
        counts
          ? [undefined, undefined, undefined]
          : ['CertificateValidationException', 400, message],
      )
    })

    test("has not another tenant's code, nor one that was deleted", async () => {
      const ca = newAuthority()
      const ofBeta = await proofOf(beta(), ca)
      const given = (verificationCertificate: string) =>
        errorOf(register({ caCertificate: ca.pem, verificationCertificate }))
      expect(await given(ofBeta)).toEqual(WRONG_CODE)
      const old = await proofOf(acme(), ca)
      await acme().send(new DeleteRegistrationCodeCommand({}))
      expect(await given(old)).toEqual(WRONG_CODE)
      await acme().send(new GetRegistrationCodeCommand({}))
      expect(await given(old)).toEqual(WRONG_CODE)
    })

    test.each([
      ['is in another attribute', (code: string) => [{ type: 'OU', value: code }]],
      ['is in upper case', (code: string) => [{ type: 'CN', value: code.toUpperCase() }]],
      ['has a space behind it', (code: string) => [{ type: 'CN', value: `${code} ` }]],
      [
        'is one of two names',
        (code: string) => [
          { type: 'CN', value: code },
          { type: 'CN', value: 'other' },
        ],
      ],
      ['is missing', () => []],
    ])('does not count when the code %s', async (_, subjectOf) => {
      const ca = newAuthority()
      const { registrationCode } = await acme().send(new GetRegistrationCodeCommand({}))
      const { pem } = issueCertificate(ca, { subject: subjectOf(registrationCode!) })
      const call = register({ caCertificate: ca.pem, verificationCertificate: pem })
      expect(await errorOf(call)).toEqual(WRONG_CODE)
    })

    test('does not count without a code, nor does a name without characters', async () => {
      const { client } = await world().newTenant()
      const ca = newAuthority()
      const verificationCertificate = issueCertificate(ca, { subject: '' }).pem
      const input = { caCertificate: ca.pem, verificationCertificate }
      const call = client.send(new RegisterCACertificateCommand(input))
      expect(await errorOf(call)).toEqual(WRONG_CODE)
    })

    test('that is no certificate is none', async () => {
      expect(await errorOf(register({ verificationCertificate: 'nothing' }))).toEqual([
        'CertificateValidationException',
        400,
        'The verification certificate is not valid: certificate-malformed',
      ])
    })
  })

  describe('what is no CA certificate', () => {
    const expired = { notAfter: new Date('2026-06-01T12:00:00Z') }
    test.each([
      ['a device certificate', newDevice(newAuthority()), 'not-a-ca'],
      ['version 1', createCa({ version: 1 }), 'not-a-ca'],
      ['one that may not sign', newAuthority({ keyUsage: ['cRLSign'] }), 'may-not-sign'],
      ['SHA-1', newAuthority({ signature: 'sha1' }), 'signature-unacceptable'],
      ['RSA-1024', newAuthority({ key: 'RSA-1024' }), 'key-unacceptable'],
    ])('is not registered: %s', async (_, { pem: caCertificate }, flaw) => {
      const call = world().client().send(new RegisterCACertificateCommand({ caCertificate }))
      expect(await errorOf(call)).toEqual([
        'CertificateValidationException',
        400,
        `The CA certificate is not valid: ca-certificate-${flaw}`,
      ])
    })

    test('neither is one that has expired', async () => {
      const { pem: caCertificate } = newAuthority(expired)
      const call = world().client().send(new RegisterCACertificateCommand({ caCertificate }))
      expect(await errorOf(call)).toEqual([
        'CertificateValidationException',
        400,
        'The CA certificate has expired',
      ])
    })

    const pem = newAuthority().pem
    test.each([
      ['text', 'nothing'],
      ['two in one', pem + pem],
      ['a private key', pem.replaceAll('CERTIFICATE', 'PRIVATE KEY')],
    ])('%s is not, and is not repeated', async (_, caCertificate) => {
      const call = world().client().send(new RegisterCACertificateCommand({ caCertificate }))
      expect(await errorOf(call)).toEqual([
        'CertificateValidationException',
        400,
        'The CA certificate is not valid: ca-certificate-malformed',
      ])
    })

    test('nor is more than 65536 characters', async () => {
      const caCertificate = 'x'.repeat(65_537)
      const call = world().client().send(new RegisterCACertificateCommand({ caCertificate }))
      expect(await errorOf(call)).toEqual([
        'InvalidRequestException',
        400,
        "1 validation error detected: Value at 'caCertificate' failed to satisfy constraint: Member must have length less than or equal to 65536",
      ])
    })

    test('templates are not kept, so they are not taken', async () => {
      const registrationConfig = { templateName: 'fleet' }
      const caCertificate = newAuthority().pem
      const call = new RegisterCACertificateCommand({ caCertificate, registrationConfig })
      expect((await errorOf(world().client().send(call)))[2]).toContain(
        'Registration templates are not supported here',
      )
      const empty = new RegisterCACertificateCommand({ caCertificate, registrationConfig: {} })
      expect(await world().client().send(empty)).toMatchObject({})
    })
  })

  describe('registered CA certificates', () => {
    test('change their status and their registrations', async () => {
      const { certificateId } = await registerCa(acme(), newAuthority())
      const update = (input: object) =>
        acme().send(new UpdateCACertificateCommand({ certificateId, ...input }))
      const described = async () =>
        (await describeIt(certificateId, { profile: 'acme' })).certificateDescription
      await update({ newStatus: 'INACTIVE' })
      await update({ newStatus: 'INACTIVE' })
      expect(await described()).toMatchObject({ status: 'INACTIVE', customerVersion: 2 })
      await update({ newAutoRegistrationStatus: 'ENABLE' })
      expect(await described()).toMatchObject({
        ...{ autoRegistrationStatus: 'ENABLE', status: 'INACTIVE' },
      })
      await update({ newAutoRegistrationStatus: 'DISABLE', newStatus: 'ACTIVE' })
      expect(await described()).toMatchObject({
        ...{ autoRegistrationStatus: 'DISABLE', status: 'ACTIVE' },
      })
      await update({ newAutoRegistrationStatus: 'ENABLE' })
      await update({ removeAutoRegistration: true })
      expect(await described()).toMatchObject({ autoRegistrationStatus: 'DISABLE' })
      await update({})
      expect(await described()).toMatchObject({ customerVersion: 6 })
      const both = update({ removeAutoRegistration: true, newAutoRegistrationStatus: 'ENABLE' })
      expect((await errorOf(both))[0]).toBe('InvalidRequestException')
      expect((await errorOf(update({ newStatus: 'REVOKED' })))[0]).toBe('InvalidRequestException')
    })

    test('are deleted when they are not active', async () => {
      const { certificateId } = await registerCa(acme(), newAuthority())
      const remove = () => acme().send(new DeleteCACertificateCommand({ certificateId }))
      expect(await errorOf(remove())).toEqual([
        'CertificateStateException',
        406,
        `CA certificate must be deactivated (not ACTIVE) before deletion. Id: ${certificateId}`,
      ])
      await acme().send(new UpdateCACertificateCommand({ certificateId, newStatus: 'INACTIVE' }))
      await remove()
      expect((await errorOf(remove()))[0]).toBe('ResourceNotFoundException')
    })

    test('of another tenant are not there', async () => {
      const { certificateId } = await registerCa(acme(), newAuthority())
      const missing = [
        'ResourceNotFoundException',
        404,
        `The CA certificate does not exist (id=${certificateId})`,
      ]
      const commands = [
        new DescribeCACertificateCommand({ certificateId }),
        new UpdateCACertificateCommand({ certificateId, newStatus: 'INACTIVE' }),
        new DeleteCACertificateCommand({ certificateId }),
      ] as const
      for (const command of commands) {
        expect(await errorOf(beta().send(command as (typeof commands)[0]))).toEqual(missing)
      }
      const { certificateDescription } = await describeIt(certificateId, { profile: 'acme' })
      expect(certificateDescription).toMatchObject({ status: 'ACTIVE' })
    })

    test('are listed, a tenant its own, in pages', async () => {
      const { client } = await world().newTenant()
      const ids: string[] = []
      for (let n = 0; n < 5; n += 1) {
        ids.push((await registerCa(client, newAuthority())).certificateId)
      }
      const list = (ascendingOrder?: boolean) =>
        pagesOf(async (marker) => {
          const input = { pageSize: 2, marker, ascendingOrder }
          const page = await client.send(new ListCACertificatesCommand(input))
          return [page.certificates!.map(({ certificateId }) => certificateId!), page.nextMarker]
        })
      const sorted = inOrder(ids)
      expect(await list()).toEqual([sorted.slice(0, 2), sorted.slice(2, 4), sorted.slice(4)])
      expect((await list(false)).flat()).toEqual(sorted.toReversed())
      const { certificates } = await client.send(new ListCACertificatesCommand({ pageSize: 250 }))
      expect(certificates?.[0]).toEqual({
        certificateArn: expect.stringMatching(/:cacert\/[0-9a-f]{64}$/),
        ...{ certificateId: sorted[0], status: 'ACTIVE', creationDate: NOW },
      })
      const ofTemplate = new ListCACertificatesCommand({ templateName: 'fleet' })
      expect((await client.send(ofTemplate)).certificates).toEqual([])
    })

    test.each([
      ['pageSize', { pageSize: 0 }],
      ['pageSize', { pageSize: 251 }],
      ['marker', { marker: 'ä' }],
      ['marker', { marker: Buffer.from('1 nothing').toString('base64') }],
    ])('are not listed with an unfit %s', async (_, input) => {
      const call = world().client().send(new ListCACertificatesCommand(input))
      expect((await errorOf(call)).slice(0, 2)).toEqual(['InvalidRequestException', 400])
    })
  })

  test('and no call of all these was a fault', () => {
    expect(world().faults).toEqual([])
  })
}
