import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  type CertificateStatus,
  CreatePolicyCommand,
  CreateThingCommand,
  DeleteCertificateCommand,
  DescribeCertificateCommand,
  DetachThingPrincipalCommand,
  UpdateCertificateCommand,
} from '@aws-sdk/client-iot'
import { parseCertificateId, parseTenantId } from '@thingpass/core/names'
import { NOT_AFTER, NOT_BEFORE } from '@thingpass/x509/testing/certificates'
import { describe, expect, test } from 'vitest'
import { ACCOUNT, ASSUME, arn, errorOf, NOW, type World } from './control-world.ts'

export function testCertificates(world: () => World): void {
  const client = () => world().client()
  const describeIt = async (certificateId: string) => {
    const answer = await client().send(new DescribeCertificateCommand({ certificateId }))
    return answer.certificateDescription
  }
  const update = (certificateId: string, newStatus: CertificateStatus) =>
    client().send(new UpdateCertificateCommand({ certificateId, newStatus }))
  const remove = (certificateId: string, forceDelete?: boolean) =>
    client().send(new DeleteCertificateCommand({ certificateId, forceDelete }))

  describe('certificates', () => {
    test('are described', async () => {
      const device = await world().registerDevice('default')
      const { certificateId, certificateArn, caCertificateId } = device
      expect(await describeIt(certificateId)).toEqual({
        ...{ certificateArn, certificateId, caCertificateId, status: 'ACTIVE', ownedBy: ACCOUNT },
        ...{
          creationDate: NOW,
          lastModifiedDate: NOW,
          certificateMode: 'DEFAULT',
          customerVersion: 1,
        },
        certificatePem: expect.stringContaining('BEGIN CERTIFICATE'),
        generationId: expect.any(String),
        validity: { notBefore: NOT_BEFORE, notAfter: NOT_AFTER },
      })
    })

    test('that were registered without a CA or without PEM say so', async () => {
      const certificateId = parseCertificateId('5e'.repeat(32))!
      await world().writes.registerCertificate({
        ...{ tenantId: parseTenantId('default')!, certificateId, status: 'INACTIVE' },
        registration: { kind: 'without-ca' },
      })
      const description = await describeIt(certificateId)
      expect(description).toMatchObject({ certificateMode: 'SNI_ONLY', status: 'INACTIVE' })
      expect(description?.caCertificateId).toBeUndefined()
      expect(description?.validity).toBeUndefined()
    })

    test.each(['INACTIVE', 'REVOKED', 'ACTIVE'] as const)('are set to %s', async (status) => {
      const { certificateId } = await world().registerDevice('default')
      await update(certificateId, status)
      await update(certificateId, status)
      expect(await describeIt(certificateId)).toMatchObject({ status })
    })

    test.each(['PENDING_TRANSFER', 'PENDING_ACTIVATION', 'REGISTER_INACTIVE'] as const)(
      'are not set to %s',
      async (status) => {
        const { certificateId } = await world().registerDevice('default')
        expect(await errorOf(update(certificateId, status))).toEqual([
          'CertificateStateException',
          406,
          `A certificate cannot be set to ${status}. Id: ${certificateId}`,
        ])
        expect(await describeIt(certificateId)).toMatchObject({ status: 'ACTIVE' })
      },
    )

    test('are deleted once nothing holds them', async () => {
      const { certificateId, certificateArn } = await world().registerDevice('default')
      const thingName = `holds-${certificateId.slice(0, 8)}`
      const policyName = thingName
      await client().send(new CreateThingCommand({ thingName }))
      await client().send(new CreatePolicyCommand({ policyName, policyDocument: ASSUME }))
      await client().send(new AttachPolicyCommand({ policyName, target: certificateArn }))
      const edge = { thingName, principal: certificateArn }
      await client().send(new AttachThingPrincipalCommand(edge))
      expect(await errorOf(remove(certificateId, true))).toEqual([
        'CertificateStateException',
        406,
        `Certificate must be deactivated (not ACTIVE) before deletion. Id: ${certificateId}`,
      ])
      await update(certificateId, 'INACTIVE')
      expect(await errorOf(remove(certificateId, true))).toEqual([
        'DeleteConflictException',
        409,
        `Things must be detached before deletion (arn: ${certificateArn})`,
      ])
      await client().send(new DetachThingPrincipalCommand(edge))
      expect(await errorOf(remove(certificateId))).toEqual([
        'DeleteConflictException',
        409,
        `Certificate policies must be detached before deletion (arn: ${certificateArn})`,
      ])
      await remove(certificateId, true)
      expect((await errorOf(describeIt(certificateId)))[0]).toBe('ResourceNotFoundException')
    })

    test('that are not there are not found', async () => {
      const certificateId = '0'.repeat(64)
      const missing = [
        'ResourceNotFoundException',
        404,
        `The certificate does not exist (id=${certificateId})`,
      ]
      expect(await errorOf(describeIt(certificateId))).toEqual(missing)
      expect(await errorOf(update(certificateId, 'ACTIVE'))).toEqual(missing)
      expect(await errorOf(remove(certificateId))).toEqual(missing)
    })

    test.each(['A'.repeat(64), 'a'.repeat(63), 'a'.repeat(65), 'g'.repeat(64)])(
      '%s is no certificate id',
      async (certificateId) => {
        const [name, status] = await errorOf(describeIt(certificateId))
        expect([name, status]).toEqual(['InvalidRequestException', 400])
      },
    )

    test('of another tenant are not there', async () => {
      const { certificateId } = await world().registerDevice('acme')
      expect((await errorOf(describeIt(certificateId)))[0]).toBe('ResourceNotFoundException')
      expect((await errorOf(update(certificateId, 'REVOKED')))[0]).toBe('ResourceNotFoundException')
      expect((await errorOf(remove(certificateId)))[0]).toBe('ResourceNotFoundException')
      const target = arn(`cert/${certificateId}`)
      await client().send(
        new CreatePolicyCommand({ policyName: 'foreign', policyDocument: ASSUME }),
      )
      const attach = client().send(new AttachPolicyCommand({ policyName: 'foreign', target }))
      expect((await errorOf(attach))[0]).toBe('ResourceNotFoundException')
      const own = world().client({ profile: 'acme' })
      expect(await own.send(new DescribeCertificateCommand({ certificateId }))).toMatchObject({
        certificateDescription: { certificateId, status: 'ACTIVE' },
      })
    })
  })
}
