import type { Failure } from '../api/option-readers.ts'
import { memberAt } from '../api/resource-reference.ts'
import type { SendApi } from '../api/send-api.ts'
import type { ControlError } from '../control-client/control-error.ts'
import { readCertificateId } from './certificate-id.ts'

/** Where the certificate of a device comes from. */
export type CertificateSource =
  /** One that a CA of the tenant has signed. */
  | { readonly kind: 'pem'; readonly pem: string }
  /** To be made by the tenant's own CA for a request, unless it was made before and kept. */
  | {
      readonly kind: 'csr'
      readonly csr: string
      /** The certificate that an earlier run got for the request. */
      readonly kept?: string
      /** Keeps the certificate, before anything else happens: nothing else leads back to it. */
      readonly keep: (pem: string) => Promise<Failure | undefined>
    }

/** A device as it shall be. */
export type Device = {
  readonly thingName: string
  readonly thingTypeName?: string
  readonly attributes: Readonly<Record<string, string>>
  readonly policies: readonly string[]
  readonly certificate?: CertificateSource
}

/** A device as it is. */
export type RegisteredDevice = {
  readonly thingArn: string
  readonly certificate?: RegisteredCertificate
}

/** A certificate that is registered and active. */
export type RegisteredCertificate = {
  readonly certificateId: string
  readonly certificateArn: string
}

type Outcome<Value> = ({ readonly ok: true } & Value) | Failure

/**
 * Makes a device what it shall be: the thing, its certificate, attached to this thing only, and the certificate's policies. Each
 * step may have been taken before, so a run that broke off is completed by another. Nothing that is there is changed.
 */
export async function registerDevice(
  device: Device,
  send: SendApi,
): Promise<Outcome<{ readonly registered: RegisteredDevice }>> {
  const thing = await ensureThing(device, send)
  if (!isDone(thing)) return thing
  const { thingArn } = thing
  if (device.certificate === undefined) return { ok: true, registered: { thingArn } }
  const certificate = await ensureCertificate(device.certificate, send)
  if (!isDone(certificate)) return certificate
  const { certificateId, certificateArn } = certificate
  const attached = await attach(device, certificateArn, send)
  if (!isDone(attached)) return attached
  return { ok: true, registered: { thingArn, certificate: { certificateId, certificateArn } } }
}

/** Whether something was done, as against a failure. */
export function isDone<Value>(outcome: Outcome<Value>): outcome is { readonly ok: true } & Value {
  return !('problem' in outcome) && outcome.ok
}

async function ensureThing(
  { thingName, thingTypeName, attributes }: Device,
  send: SendApi,
): Promise<Outcome<{ readonly thingArn: string }>> {
  const plain = thingTypeName === undefined && Object.keys(attributes).length === 0
  const input = { thingName, thingTypeName, attributePayload: { attributes } }
  const created = await send({ operation: 'CreateThing', input })
  // A thing that is there may be as it is, unless something else was asked for.
  const described =
    plain && isAlreadyThere(created)
      ? await send({ operation: 'DescribeThing', input: { thingName } })
      : created
  if (isAlreadyThere(described)) return otherThing(described.error, thingName)
  if (!isDone(described)) return described
  return { ok: true, thingArn: textAt(described.json, 'thingArn') }
}

function otherThing(error: ControlError, thingName: string): Failure {
  const message = `Thing ${thingName} is there with another type or other attributes`
  return { ok: false, error: { ...error, message } }
}

function isAlreadyThere(
  answer: Outcome<object>,
): answer is Extract<Failure, { readonly ok: false }> {
  return (
    !('problem' in answer) && !answer.ok && answer.error.code === 'ResourceAlreadyExistsException'
  )
}

async function ensureCertificate(
  source: CertificateSource,
  send: SendApi,
): Promise<Outcome<RegisteredCertificate>> {
  if (source.kind === 'csr') return ensureMade(source, send)
  const input = { certificatePem: source.pem, status: 'ACTIVE' }
  const registered = await send({ operation: 'RegisterCertificate', input })
  if (isAlreadyThere(registered)) return findActive(source.pem, send)
  if (!isDone(registered)) return registered
  return namesOf(registered.json)
}

async function ensureMade(
  { csr, kept, keep }: Extract<CertificateSource, { kind: 'csr' }>,
  send: SendApi,
): Promise<Outcome<RegisteredCertificate>> {
  if (kept !== undefined) {
    const found = await findActive(kept, send)
    const deleted = !('problem' in found) && !found.ok && found.error.status === 404
    if (!deleted) return found
  }
  const input = { certificateSigningRequest: csr, setAsActive: true }
  const made = await send({ operation: 'CreateCertificateFromCsr', input })
  if (!isDone(made)) return made
  const unkept = await keep(textAt(made.json, 'certificatePem'))
  return unkept ?? namesOf(made.json)
}

function namesOf(json: unknown): Outcome<RegisteredCertificate> {
  const certificateId = textAt(json, 'certificateId')
  return { ok: true, certificateId, certificateArn: textAt(json, 'certificateArn') }
}

/** Finds a certificate that is registered. Somebody may have deactivated it for a reason: so it stays, and that is said. */
async function findActive(pem: string, send: SendApi): Promise<Outcome<RegisteredCertificate>> {
  const certificateId = readCertificateId(pem)
  if (certificateId === undefined) return { problem: 'the certificate cannot be read' }
  const found = await send({ operation: 'DescribeCertificate', input: { certificateId } })
  if (!isDone(found)) return found
  const description = memberAt(found.json, 'certificateDescription')
  const status = textAt(description, 'status')
  if (status === 'ACTIVE') return namesOf(description)
  const message = `Certificate ${certificateId} is ${status}, and left so`
  return { ok: false, error: { code: 'CertificateStateException', message, status: 406 } }
}

async function attach(
  { thingName, policies }: Device,
  certificateArn: string,
  send: SendApi,
): Promise<Outcome<object>> {
  const thingPrincipalType = 'EXCLUSIVE_THING'
  const input = { thingName, principal: certificateArn, thingPrincipalType }
  const attached = await send({ operation: 'AttachThingPrincipal', input })
  if (!isDone(attached)) return attached
  for (const policyName of policies) {
    const policy = { policyName, target: certificateArn }
    const done = await send({ operation: 'AttachPolicy', input: policy })
    if (!isDone(done)) return done
  }
  return { ok: true }
}

function textAt(json: unknown, path: string): string {
  const value = memberAt(json, path)
  return typeof value === 'string' ? value : ''
}
