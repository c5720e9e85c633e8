import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreateCertificateFromCsrCommand,
  CreateKeysAndCertificateCommand,
  CreatePolicyCommand,
  CreateThingCommand,
  GetRegistrationCodeCommand,
  type IoTClient,
  RegisterCACertificateCommand,
  RegisterCertificateCommand,
  UpdateCertificateCommand,
} from '@aws-sdk/client-iot'
import { createDevice } from '@thingpass/local/testing/device-client'
import { createRequest } from '@thingpass/x509/testing/certificate-requests'
import { createCa, issueCertificate } from '@thingpass/x509/testing/certificates'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestStack, type TestStack } from '../support/local-stack.ts'
import { operatorOf } from '../support/operator.ts'

/** The demo's alias in tenant `acme`. */
const PATH = '/role-aliases/demo-camera/credentials'
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'iot:AssumeRoleWithCertificate', Resource: '*' }],
})

let stack: TestStack
let acme: IoTClient

beforeAll(async () => {
  stack = await startTestStack(['--control-port', '0'])
  acme = await operatorOf(stack, 'acme')
  await acme.send(new CreatePolicyCommand({ policyName: 'all-aliases', policyDocument: POLICY }))
})
afterAll(async () => {
  acme.destroy()
  await stack.close()
})

type Certificate = { certificateId?: string | undefined; certificateArn?: string | undefined }

/** Gives a certificate its thing and policy, and asks for credentials as the device that has the key. */
async function askAs(
  { certificateArn }: Certificate,
  identity: { readonly certificatePem: string; readonly privateKeyPem: string },
  thingName: string,
) {
  await acme.send(new CreateThingCommand({ thingName }))
  await acme.send(new AttachThingPrincipalCommand({ thingName, principal: certificateArn }))
  await acme.send(new AttachPolicyCommand({ policyName: 'all-aliases', target: certificateArn }))
  const device = createDevice(await stack.authorityPem(), identity)
  const ask = () => device.get(`${stack.url}${PATH}`, { 'x-amzn-iot-thingname': thingName })
  return { ask, close: () => device.close() }
}

test('a device with keys and certificate of the control plane gets credentials, until it is revoked', async () => {
  const made = await acme.send(new CreateKeysAndCertificateCommand({ setAsActive: true }))
  const identity = {
    certificatePem: made.certificatePem!,
    privateKeyPem: made.keyPair!.PrivateKey!,
  }
  const device = await askAs(made, identity, 'made-1')
  expect(await device.ask()).toMatchObject({ status: 200 })
  const { certificateId } = made
  await acme.send(new UpdateCertificateCommand({ certificateId, newStatus: 'REVOKED' }))
  expect(await device.ask()).toMatchObject({ status: 403 })
  device.close()
  const keys = join(stack.dataDir, 'ca-keys')
  expect(await readdir(keys)).toEqual(['acme.key'])
  expect((await stat(join(keys, 'acme.key'))).mode & 0o777).toBe(0o600)
})

test('a device that kept its key gets credentials', async () => {
  const { pem, key } = createRequest({ key: 'P-384', subject: 'made-2' })
  const made = await acme.send(
    new CreateCertificateFromCsrCommand({ certificateSigningRequest: pem, setAsActive: true }),
  )
  const privateKeyPem = key.privateKey!.export({ type: 'pkcs8', format: 'pem' }).toString()
  const identity = { certificatePem: made.certificatePem!, privateKeyPem }
  const device = await askAs(made, identity, 'made-2')
  expect(await device.ask()).toMatchObject({ status: 200 })
  device.close()
})

test("a device of the operator's own CA gets credentials", async () => {
  const ca = createCa({ subject: 'CA of the operator' })
  const { registrationCode } = await acme.send(new GetRegistrationCodeCommand({}))
  await acme.send(
    new RegisterCACertificateCommand({
      caCertificate: ca.pem,
      verificationCertificate: issueCertificate(ca, { subject: registrationCode! }).pem,
      setAsActive: true,
    }),
  )
  const leaf = issueCertificate(ca, { subject: 'own-1' })
  const registered = await acme.send(
    new RegisterCertificateCommand({ certificatePem: leaf.pem, status: 'ACTIVE' }),
  )
  const identity = { certificatePem: leaf.pem, privateKeyPem: leaf.privateKeyPem }
  const device = await askAs(registered, identity, 'own-1')
  expect(await device.ask()).toMatchObject({ status: 200 })
  device.close()
})
