import { readFile } from 'node:fs/promises'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { createStsClient } from '@thingpass/aws/clients'
import { Fault } from '@thingpass/core/fault'
import { DEFAULT_TENANT, type Region } from '@thingpass/core/names'
import { createIdentify } from '@thingpass/x509/identify'
import { SHOWN_DEVICE } from '../demo-fleet/fleet.ts'
import { PKI_FILES } from '../pki/local-pki.ts'
import type { Stack } from '../stack/start-stack.ts'
import { type Device, type DeviceAnswer, openDevice } from './device.ts'

/** Takes one line to print. */
type Say = (line: string) => void

/** The demo's stage: a running stack, a region to sign for, and somebody who reads. */
export type DemoStage = {
  readonly stack: Stack
  readonly region: Region
  readonly say: Say
}

/**
 * Plays the demo: credentials for a device, used; two refusals; a revocation that takes effect on the open connection. No
 * secret is printed.
 * @throws {Fault} UNEXPECTED when anything answers otherwise than the text says
 */
export async function runDemo({ stack, region, say }: DemoStage): Promise<void> {
  const { thingName, roleAlias } = SHOWN_DEVICE
  const device = await openDevice(stack.url, stack.dataDir, thingName)
  try {
    say(
      `\n1. The device ${thingName} proves its key over mutual TLS and asks for the alias ${roleAlias}.`,
    )
    await showCredentials(await device.askFor(roleAlias, thingName), { stack, region, say })

    say('\n2. It claims to be another thing: camera-2.')
    await showRefusal(await device.askFor(roleAlias, 'camera-2'), 'Invalid thing name passed', say)

    say('\n3. It asks for an alias that no policy of its allows: demo-admin.')
    await showRefusal(await device.askFor('demo-admin', thingName), 'Access Denied', say)

    say(
      '\n4. Its certificate is deactivated in the registry; the device keeps its connection and asks again.',
    )
    await deactivate(stack, thingName)
    await showRevocation(device, say)
  } finally {
    device.close()
  }
}

async function showCredentials(
  answer: DeviceAnswer,
  { stack, region, say }: DemoStage,
): Promise<void> {
  expectAnswer(answer, 200, '"credentials"')
  const { credentials } = JSON.parse(answer.body)
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = credentials
  say(`   200  access key ${accessKeyId}, good until ${expiration}`)
  if (stack.stsUrl === undefined) throw unexpected('there is no local STS')
  const client = createStsClient({
    region,
    endpoint: stack.stsUrl,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  })
  const identity = await client.send(new GetCallerIdentityCommand({}))
  client.destroy()
  say(`   sts:GetCallerIdentity with them: ${identity.Arn}`)
}

async function showRefusal(answer: DeviceAnswer, message: string, say: Say): Promise<void> {
  expectAnswer(answer, 403, `{"message":"${message}"}`)
  say(`   403  ${answer.body}`)
}

async function showRevocation(device: Device, say: Say): Promise<void> {
  const { thingName, roleAlias } = SHOWN_DEVICE
  const answer = await device.askFor(roleAlias, thingName)
  if (!answer.reusedConnection) throw unexpected('the device opened another connection')
  await showRefusal(answer, 'Certificate is invalid on this endpoint', say)
  say('   Same connection, next request: refused.')
}

async function deactivate(stack: Stack, thingName: string): Promise<void> {
  const pem = await readFile(PKI_FILES.deviceCertificate(stack.dataDir, thingName), 'utf8')
  const identified = createIdentify()(pem)
  if (!identified.ok) throw unexpected('the demo device has no certificate')
  const { certificateId } = identified.certificate.facts
  const outcome = await stack.registry.updateCertificateStatus({
    ...{ tenantId: DEFAULT_TENANT, certificateId },
    status: 'INACTIVE',
  })
  if (!outcome.ok || !outcome.changed) throw unexpected('the certificate was not deactivated')
}

/** The message has the answer's status and nothing of its body, which may hold credentials. */
function expectAnswer(answer: DeviceAnswer, status: number, part: string): void {
  const asExpected = answer.status === status && answer.body.includes(part)
  if (!asExpected) throw unexpected(`a request was answered ${answer.status}, not ${status}`)
}

function unexpected(what: string): Fault {
  return new Fault('UNEXPECTED', `the demo went wrong: ${what}`)
}
