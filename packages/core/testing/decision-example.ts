import type { CertificateFacts } from '../src/certificate-facts.ts'
import type { AttachedPolicy, Facts } from '../src/facts.ts'
import {
  type CaCertificateId,
  type CertificateId,
  parseAccountId,
  parseCaCertificateId,
  parseCertificateId,
  parsePolicyName,
  parseRegion,
  parseRoleAlias,
  parseRoleArn,
  parseTenantId,
  parseThingGroupName,
  parseThingName,
  parseThingTypeName,
} from '../src/names.ts'
import { parsePolicyDocument } from '../src/policy/document.ts'
import { DEFAULT_SESSION_PROFILE } from '../src/records.ts'
import type { Circumstances, CredentialRequest } from '../src/request.ts'

/** A value that must be there; for examples written out by hand. */
export function given<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('an example is not valid')
  return value
}

export const NOON = new Date('2026-06-01T12:00:00Z')
export const CERTIFICATE_ID: CertificateId = given(parseCertificateId('c1'.repeat(32)))
export const CA_ID: CaCertificateId = given(parseCaCertificateId('ca'.repeat(32)))
export const TENANT = given(parseTenantId('acme'))
export const THING = given(parseThingName('cam-1'))
export const ALIAS = given(parseRoleAlias('camera'))
export const ALIAS_ARN = 'arn:aws:iot:us-east-1:123456789012:rolealias/camera'
export const ROLE = given(parseRoleArn('arn:aws:iam::123456789012:role/devices/camera'))
const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2'

export const certificate: CertificateFacts = {
  certificateId: CERTIFICATE_ID,
  publicKeySha256: 'ab'.repeat(32),
  serialNumber: '1f',
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2027-01-01T00:00:00Z'),
  subject: [{ rdn: 0, type: '2.5.4.3', value: 'cam-1' }],
  issuer: [{ rdn: 0, type: '2.5.4.3', value: 'Acme Devices' }],
  subjectAlternativeNames: [],
  issuerAlternativeNames: [],
  issuerHint: 'ee'.repeat(20),
  extendedKeyUsage: [CLIENT_AUTHENTICATION],
  publicKey: { type: 'ec', curve: 'P-256', bits: 256 },
}

export const request: CredentialRequest = {
  certificate,
  thingHeader: { kind: 'named', thingName: THING },
  roleAlias: ALIAS,
  hostName: 'devices.example.com',
  sourceIp: '192.0.2.7',
}

/** An attached policy of one statement, under 2012-10-17. */
export function policy(
  statement: object,
  attachedTo: AttachedPolicy['attachedTo'] = { kind: 'certificate' },
): AttachedPolicy {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statement })
  const parsed = parsePolicyDocument(text, 'iot')
  if (!parsed.ok) throw new Error(parsed.problem)
  return {
    policyName: given(parsePolicyName('devices')),
    versionId: '1',
    generationId: 'g-1',
    attachedTo,
    document: parsed.document,
  }
}

export const GROUP = {
  kind: 'thing-group',
  groupName: given(parseThingGroupName('floor-1')),
} as const
export const ALLOW = {
  Effect: 'Allow',
  Action: 'iot:AssumeRoleWithCertificate',
  Resource: ALIAS_ARN,
}
export const DENY = { ...ALLOW, Effect: 'Deny' }

const ISSUER_KEY = 'ce'.repeat(32)

/** The CA's key has a revocation list, which counts until 13:00 and does not name the example's certificate. */
export const listed = {
  ca: {
    caCertificateId: CA_ID,
    tenantId: TENANT,
    status: 'ACTIVE',
    publicKey: new Uint8Array(),
    revocationListKey: ISSUER_KEY,
  },
  revocation: {
    issuerKeySha256: ISSUER_KEY,
    serialNumber: certificate.serialNumber,
    nextUpdate: new Date('2026-06-01T12:30:00Z'),
    graceSeconds: 1800,
    revoked: false,
  },
} as const

/** One device, everything in order: change one thing at a time. */
export const facts = {
  certificate: {
    certificateId: CERTIFICATE_ID,
    tenantId: TENANT,
    registrationId: 'reg-1',
    status: 'ACTIVE',
    registration: { kind: 'ca', caCertificateId: CA_ID },
  },
  tenant: {
    tenantId: TENANT,
    status: 'ENABLED',
    roleArnPatterns: ['arn:aws:iam::123456789012:role/devices/*'],
    externalId: 'external-acme',
    sessionTagKeys: [],
    certificatesWithoutCa: false,
    apiArnPatterns: [],
    defaultThing: 'never',
    inactiveCaRefusesDevices: false,
    authorizerRequiresThing: true,
  },
  ca: { caCertificateId: CA_ID, tenantId: TENANT, status: 'ACTIVE', publicKey: new Uint8Array() },
  thing: {
    attached: true,
    record: {
      thingName: THING,
      thingId: 'thing-1',
      thingTypeName: given(parseThingTypeName('camera')),
      attributes: new Map([['site', 'p7']]),
      groups: [],
    },
  },
  policies: [policy(ALLOW)],
  alias: {
    roleAlias: ALIAS,
    roleArn: ROLE,
    credentialDurationSeconds: 3600,
    sessionProfile: DEFAULT_SESSION_PROFILE,
  },
  sessionPolicies: [],
  signedByCa: true,
  withinBudget: true,
} as const satisfies Facts

export const circumstances: Circumstances = {
  now: NOON,
  deployment: {
    partition: 'aws',
    region: given(parseRegion('us-east-1')),
    accountId: given(parseAccountId('123456789012')),
  },
  longestSessionSeconds: 3600,
}
