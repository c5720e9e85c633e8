import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { parseCertificateRequest } from '@thingpass/x509/certificate-request'
import { EXTENSION, makeCertificate, nameDer } from '@thingpass/x509/make-certificate'
import { pemOfDer } from '@thingpass/x509/pem'
import type { ApiRequest, SendApi } from '../src/api/send-api.ts'
import type { ControlAnswer } from '../src/control-client/control-client.ts'
import { readCertificateId } from '../src/device/certificate-id.ts'

const ARN = 'arn:aws:iot:us-east-1:123456789012:'
const ca = generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** What a fake thing and a fake certificate are. */
export type FakeThing = { readonly type: unknown; readonly attributes: object }
export type FakeCertificate = {
  status: string
  readonly pem: string
  readonly things: Set<string>
  readonly policies: Set<string>
}

type Input = Readonly<Record<string, unknown>>

/** Makes a certificate for a certificate request, from a CA that lives as long as the process. */
export async function issueFor(csr: string): Promise<string> {
  const parsed = parseCertificateRequest(csr)
  if (!parsed.ok) throw new Error(parsed.reason)
  const { publicKey } = parsed.request
  const der = await makeCertificate(
    {
      serialNumber: Buffer.concat([Buffer.from([0x40]), randomBytes(15)]),
      issuer: nameDer([['CN', 'Test CA']]),
      subject: nameDer([['CN', 'device']]),
      notBefore: new Date('2026-01-01T00:00:00Z'),
      notAfter: new Date('2036-01-01T00:00:00Z'),
      publicKey,
      extensions: [EXTENSION.clientAuthentication()],
    },
    async (data) => sign('sha256', data, ca.privateKey),
  )
  return pemOfDer(der)
}

/** A control plane in memory, with as much of its behaviour as adding devices depends on. */
export function createFakeFleet() {
  const things = new Map<string, FakeThing>()
  const certificates = new Map<string, FakeCertificate>()
  const policies = new Set<string>()
  const aliases = new Map<string, 'allow' | 'deny'>()
  const asked: ApiRequest[] = []
  /** Stands before each call; what it returns is the answer. */
  const gate = { fail: (_: string, __: Input): ControlAnswer | undefined => undefined }
  const answers: Record<string, (input: Input) => ControlAnswer | Promise<ControlAnswer>> = {
    CreateThing: ({ thingName, thingTypeName, attributePayload }) => {
      const name = String(thingName)
      const { attributes = {} } = (attributePayload ?? {}) as { attributes?: object }
      const thing = { type: thingTypeName, attributes }
      const there = things.get(name)
      if (there && JSON.stringify(there) !== JSON.stringify(thing)) return already('Thing')
      things.set(name, thing)
      return done({ thingName, thingArn: `${ARN}thing/${name}` })
    },
    DescribeThing: ({ thingName }) =>
      things.has(String(thingName)) ? done({ thingArn: `${ARN}thing/${thingName}` }) : unknown(),
    CreateCertificateFromCsr: async ({ certificateSigningRequest, setAsActive }) => {
      const certificatePem = await issueFor(String(certificateSigningRequest))
      return register(certificatePem, setAsActive === true ? 'ACTIVE' : 'INACTIVE')
    },
    RegisterCertificate: ({ certificatePem, status }) =>
      register(String(certificatePem), String(status)),
    DescribeCertificate: ({ certificateId }) => {
      const found = certificates.get(String(certificateId))
      if (found === undefined) return unknown()
      const certificateArn = `${ARN}cert/${certificateId}`
      const description = { certificateId, certificateArn, status: found.status }
      return done({ certificateDescription: description })
    },
    UpdateCertificate: ({ certificateId, newStatus }) => {
      const found = certificates.get(String(certificateId))
      if (found === undefined) return unknown()
      found.status = String(newStatus)
      return done({})
    },
    AttachThingPrincipal: ({ thingName, principal, thingPrincipalType }) => {
      const found = ofArn(principal)
      if (found === undefined || !things.has(String(thingName))) return unknown()
      const others = [...found.things].some((name) => name !== thingName)
      if (others || thingPrincipalType !== 'EXCLUSIVE_THING') return refused('exclusive', 400)
      found.things.add(String(thingName))
      return done({})
    },
    AttachPolicy: ({ policyName, target }) => {
      const found = ofArn(target)
      if (found === undefined || !policies.has(String(policyName))) return unknown()
      found.policies.add(String(policyName))
      return done({})
    },
    GetPolicy: ({ policyName }) => (policies.has(String(policyName)) ? done({}) : unknown()),
    DescribeEndpoint: () => done({ endpointAddress: 'devices.example.com' }),
    ListRoleAliases: () => done({ roleAliases: [...aliases.keys()] }),
    '/thingpass/explain': ({ roleAlias }) => done({ decision: aliases.get(String(roleAlias)) }),
    ListThingPrincipalsV2: ({ thingName }) =>
      things.has(String(thingName))
        ? done({
            thingPrincipalObjects: [...certificates]
              .filter(([, { things: own }]) => own.has(String(thingName)))
              .map(([id]) => ({ principal: `${ARN}cert/${id}` })),
          })
        : unknown(),
  }

  function register(certificatePem: string, status: string): ControlAnswer {
    const certificateId = readCertificateId(certificatePem)
    if (certificateId === undefined) return refused('CertificateValidationException', 400)
    if (certificates.has(certificateId)) return already('Certificate')
    certificates.set(certificateId, {
      status,
      pem: certificatePem,
      things: new Set(),
      policies: new Set(),
    })
    const certificateArn = `${ARN}cert/${certificateId}`
    return done({ certificateId, certificateArn, certificatePem })
  }

  function ofArn(arn: unknown): FakeCertificate | undefined {
    return certificates.get(String(arn).replace(/^.*\//, ''))
  }

  const send: SendApi = async (request) => {
    asked.push(request)
    const [name, input] =
      'operation' in request
        ? [request.operation, request.input]
        : [request.path, request.body ?? {}]
    const failed = gate.fail(name, input as Input)
    return failed ?? (await answers[name]?.(input as Input)) ?? refused('UnknownOperation', 404)
  }
  return { send, things, certificates, policies, aliases, asked, gate }
}

function done(json: object): ControlAnswer {
  return { ok: true, json }
}

/** A refusal of the control plane. */
export function refused(code: string, status: number): ControlAnswer {
  return { ok: false, error: { code, message: code, status } }
}

const already = (what: string) => {
  const error = { code: 'ResourceAlreadyExistsException', message: `${what} exists`, status: 409 }
  return { ok: false, error } as const
}
const unknown = () => refused('ResourceNotFoundException', 404)
