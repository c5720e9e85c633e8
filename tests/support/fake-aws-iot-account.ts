import { createHash } from 'node:crypto'
import { createCa, issueCertificate } from '@thingpass/x509/testing/certificates'

/** Account and region of the fake. */
export const FAKE_PLACE = { account: '111122223333', region: 'eu-central-1' } as const

/** A certificate of the fake account. */
export type FakeCertificate = {
  readonly id: string
  readonly pem: string
  readonly status: string
  readonly caId?: string
}

/** All that a fake account of AWS IoT has. Lists stand in the order in which they are listed. */
export type FakeAccount = {
  readonly thingTypes: readonly { readonly name: string; readonly deprecated: boolean }[]
  readonly things: readonly {
    readonly name: string
    readonly type: string
    readonly attributes: Readonly<Record<string, string>>
    readonly principals: readonly { readonly arn: string; readonly exclusive: boolean }[]
  }[]
  readonly groups: readonly {
    readonly name: string
    readonly parent?: string
    readonly query?: string
    readonly things: readonly string[]
  }[]
  readonly cas: readonly { readonly id: string; readonly pem: string; readonly status: string }[]
  readonly certificates: readonly FakeCertificate[]
  readonly policies: readonly {
    readonly name: string
    readonly versions: readonly { readonly id: string; readonly document: string }[]
    readonly defaultVersionId: string
    readonly targets: readonly string[]
  }[]
  readonly roleAliases: readonly {
    readonly name: string
    readonly roleArn: string
    readonly durationSeconds: number
  }[]
  readonly billingGroups: readonly string[]
  readonly provisioningTemplates: readonly string[]
  readonly jobs: readonly string[]
}

/** The ARN of a resource of the fake account. */
export function fakeArn(resource: string): string {
  return `arn:aws:iot:${FAKE_PLACE.region}:${FAKE_PLACE.account}:${resource}`
}

const sha256 = (der: Uint8Array) => createHash('sha256').update(der).digest('hex')
const TYPES = ['lidar', 'radar', 'old-sensor']
const GROUPS = ['site-0', 'site-1', 'site-2', 'site-3']
const STATUSES = ['ACTIVE', 'ACTIVE', 'INACTIVE', 'ACTIVE', 'REVOKED']

const policyOf = (...statements: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements })
const aliasStatement = (effect: 'Allow' | 'Deny', alias: string) => ({
  Effect: effect,
  Action: 'iot:AssumeRoleWithCertificate',
  Resource: fakeArn(`rolealias/${alias}`),
})

/**
 * Makes an account of so many things and certificates, with at least one of everything that an import meets. Certificates share a key,
 * which makes them quick to make.
 */
export function createFakeAccount(size: {
  readonly things: number
  readonly certificates: number
  readonly roleArn: string
}): FakeAccount {
  const { cas, certificates } = createCertificates(size.certificates)
  const names = Array.from(
    { length: size.things },
    (_, index) => `device-${String(index).padStart(5, '0')}`,
  )
  const things = names.map((name, index) => ({
    name,
    type: TYPES[index % TYPES.length]!,
    attributes: { serial: `SN${index}`, site: `s${index % 7}` },
    principals: principalsOf(index, certificates),
  }))
  const groups = [
    // A child stands before its parent: the order of a listing is not that of a hierarchy.
    ...GROUPS.map((name, index) => ({
      name,
      parent: 'all-sites',
      things: names.filter((_, each) => each % 20 === index),
    })),
    { name: 'all-sites', things: [] },
    { name: 'dynamic', query: 'attributes.site:s1', things: names.slice(0, 3) },
  ]
  return {
    thingTypes: TYPES.map((name) => ({ name, deprecated: name.startsWith('old-') })),
    ...{ things, groups, cas, certificates },
    policies: createPolicies(certificates),
    roleAliases: [
      { name: 'lidar', roleArn: size.roleArn, durationSeconds: 3600 },
      { name: 'radar', roleArn: size.roleArn, durationSeconds: 900 },
    ],
    billingGroups: ['paid'],
    provisioningTemplates: ['by-claim'],
    jobs: ['firmware-7'],
  }
}

function createCertificates(count: number): Pick<FakeAccount, 'cas' | 'certificates'> {
  const ca = createCa({ subject: 'Imported CA' })
  const outside = createCa({ subject: 'CA that nobody registered' })
  const caId = sha256(ca.der)
  const { key } = issueCertificate(ca)
  const certificates = Array.from({ length: count }, (_, index): FakeCertificate => {
    const under = index % 2 === 0
    const subject = `device ${index}`
    const { der, pem } = issueCertificate(under ? ca : outside, {
      ...{ subject, key, serialNumber: BigInt(index + 1) },
    })
    const status = STATUSES[index % STATUSES.length]!
    return { id: sha256(der), pem, status, ...(under ? { caId } : {}) }
  })
  const pending = ['PENDING_TRANSFER', 'PENDING_ACTIVATION'].map((status, index) => {
    const { der, pem } = issueCertificate(ca, {
      subject: status,
      key,
      serialNumber: BigInt(-index),
    })
    return { id: sha256(der), pem, status, caId }
  })
  return {
    cas: [{ id: caId, pem: ca.pem, status: 'ACTIVE' }],
    certificates: [...certificates, ...pending],
  }
}

/** The first things have a certificate each, every fifth of them exclusively; the very last is attached to what is none. */
function principalsOf(index: number, certificates: readonly FakeCertificate[]) {
  const certificate = certificates[index]
  if (certificate === undefined) return []
  const own = { arn: fakeArn(`cert/${certificate.id}`), exclusive: index % 5 === 0 }
  const cognito = { arn: 'eu-central-1:0123-cognito-identity', exclusive: false }
  return index === 1 ? [own, cognito] : [own]
}

function createPolicies(certificates: readonly FakeCertificate[]): FakeAccount['policies'] {
  const arns = certificates.map(({ id }) => fakeArn(`cert/${id}`))
  return [
    {
      name: 'lidar',
      versions: [
        { id: '2', document: policyOf(aliasStatement('Allow', '*')) },
        { id: '4', document: policyOf(aliasStatement('Allow', 'lidar')) },
        { id: '5', document: policyOf(aliasStatement('Allow', 'radar')) },
      ],
      defaultVersionId: '4',
      targets: [...arns.filter((_, index) => index % 3 !== 0), 'eu-central-1:cognito'],
    },
    {
      name: 'no-radar',
      versions: [{ id: '1', document: policyOf(aliasStatement('Deny', 'radar')) }],
      defaultVersionId: '1',
      targets: [...arns.slice(0, 4), fakeArn('thinggroup/site-0')],
    },
    {
      name: 'mqtt',
      versions: [
        {
          id: '1',
          document: policyOf({
            Effect: 'Allow',
            Action: 'iot:Connect',
            Resource: fakeArn(`client/\${iot:ClientId}`),
          }),
        },
      ],
      defaultVersionId: '1',
      targets: [fakeArn('thinggroup/dynamic')],
    },
  ]
}
