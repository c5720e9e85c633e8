import { newCaOf } from '@thingpass/control/register-ca'
import { parseTenantId } from '@thingpass/core/names'
import { parseCaCertificate } from '@thingpass/x509/ca-certificate'
import { createCa } from '@thingpass/x509/testing/certificates'
import { createRevocationList } from '@thingpass/x509/testing/revocation-lists'
import { done, given } from '../support/fleet.ts'
import type { TestStack } from '../support/local-stack.ts'
import { type Operation, startControlFunction } from './control-world.ts'

const DAY_MS = 86_400_000
const SETTINGS = { status: 'ACTIVE', certificateMode: 'DEFAULT', autoRegistration: false } as const

/** Registers a CA of its own for an upload, which names one certificate. */
export async function prepareUpload(stack: TestStack, name: string): Promise<Operation> {
  const [upload] = await prepareUploads(stack, name)
  return upload
}

/** Uploads a list of a CA of its own; the next upload has that one to delete. */
export async function prepareNextUpload(stack: TestStack, name: string): Promise<Operation> {
  const [first, second] = await prepareUploads(stack, name)
  const running = await startControlFunction(stack.dynamodbUrl)
  try {
    const { statusCode } = await running.call(first)
    if (statusCode !== 200) throw new Error('the first list was refused')
  } finally {
    await running.close()
  }
  return second
}

async function prepareUploads(stack: TestStack, name: string): Promise<[Operation, Operation]> {
  const ca = createCa({ subject: `CA of ${name}` })
  const parsed = parseCaCertificate(ca.pem)
  if (!parsed.ok) throw new Error(parsed.reason)
  const tenantId = given(parseTenantId('default'))
  await done(stack.registry.registerCa(newCaOf(tenantId, parsed.ca, SETTINGS)))
  const now = Math.floor(Date.now() / 1000) * 1000
  const path = `/thingpass/cacertificate/${parsed.ca.caCertificateId}/crl`
  const uploadOf = (number: bigint): Operation => {
    const list = createRevocationList(ca, {
      ...{ number, entries: [7n] },
      ...{ thisUpdate: new Date(now), nextUpdate: new Date(now + DAY_MS) },
    })
    return { method: 'PUT', path, body: { crl: list.pem } }
  }
  return [uploadOf(1n), uploadOf(2n)]
}
