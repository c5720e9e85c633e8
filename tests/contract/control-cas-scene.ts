import {
  GetRegistrationCodeCommand,
  type IoTClient,
  RegisterCACertificateCommand,
  type RegisterCACertificateRequest,
} from '@aws-sdk/client-iot'
import {
  type CertificateOptions,
  createCa,
  issueCertificate,
  type TestCertificate,
} from '@thingpass/x509/testing/certificates'
import { createKey, type PointForm, withPointForm } from '@thingpass/x509/testing/keys'

let made = 0

/** A CA that nobody has registered, with a name of its own where a test does not give one. */
export function newAuthority(options: CertificateOptions = {}): TestCertificate {
  made += 1
  return createCa({ subject: `Works CA ${made}`, ...options })
}

/** A device certificate under a CA that nobody has registered. */
export function newDevice(ca: TestCertificate, options: CertificateOptions = {}): TestCertificate {
  made += 1
  return issueCertificate(ca, { serialNumber: BigInt(0x5000 + made), ...options })
}

/** A CA certificate over another one's key that somebody else signed: what whoever lacks the private key can make. */
export function forgedAuthority(ca: TestCertificate, options: ForgeryOptions): TestCertificate {
  const { publicKey } = options.form === undefined ? ca.key : withPointForm(ca.key, options.form)
  const { privateKey } = createKey('P-256')
  return createCa({
    subject: options.subject ?? ca.subject,
    key: { publicKey, privateKey: privateKey! },
  })
}

/** What a forged CA certificate has else than the real one. */
export type ForgeryOptions = { readonly subject?: string; readonly form?: PointForm }

/** Proof that whoever has this CA's key has asked for the tenant's registration code. */
export async function proofOf(
  client: IoTClient,
  ca: TestCertificate,
  options: CertificateOptions = {},
): Promise<string> {
  const { registrationCode } = await client.send(new GetRegistrationCodeCommand({}))
  return issueCertificate(ca, { subject: registrationCode!, ...options }).pem
}

/** Registers a CA as an operator does: with proof. */
export async function registerCa(
  client: IoTClient,
  ca: TestCertificate,
  input: Partial<RegisterCACertificateRequest> = {},
) {
  const verificationCertificate = await proofOf(client, ca)
  const { certificateId, certificateArn } = await client.send(
    new RegisterCACertificateCommand({
      caCertificate: ca.pem,
      verificationCertificate,
      setAsActive: true,
      ...input,
    }),
  )
  return { certificateId: certificateId!, certificateArn: certificateArn! }
}

/** The error of a call, with what it says of a resource in the way. */
export async function refusalOf(call: Promise<unknown>) {
  const error = await call.then(
    () => undefined,
    (thrown: Error & { resourceId?: string; resourceArn?: string }) => thrown,
  )
  return {
    name: error?.name,
    message: error?.message,
    resourceId: error?.resourceId,
    resourceArn: error?.resourceArn,
  }
}

/** Ids in the order that lists have. */
export const inOrder = (ids: readonly string[]): readonly string[] =>
  ids.toSorted((one, other) => (one < other ? -1 : 1))
