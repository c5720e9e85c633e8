import { describe, expect, test } from 'vitest'
import { certificate, facts, given, listed, NOON } from '../testing/decision-example.ts'
import { type AuthenticationFacts, authenticate } from './authenticate.ts'
import type { CertificateFacts } from './certificate-facts.ts'
import { parseCaCertificateId, parseCertificateId, parseTenantId } from './names.ts'
import type { CertificateStatus } from './records.ts'
import type { CertificateRefusal } from './refusal.ts'

const otherId = given(parseCertificateId('d2'.repeat(32)))
const otherCa = given(parseCaCertificateId('cb'.repeat(32)))
const otherTenant = given(parseTenantId('other'))
const without = <Key extends keyof AuthenticationFacts>(key: Key) => ({
  ...facts,
  [key]: undefined,
})
const withoutCa = {
  ...facts,
  certificate: { ...facts.certificate, registration: { kind: 'without-ca' } },
}

const revocation = (change: object) => ({
  ...facts,
  ca: listed.ca,
  revocation: { ...listed.revocation, ...change },
})

type Row = { readonly presented?: Partial<CertificateFacts>; readonly facts?: unknown }

/** Refusals that the parser of certificates makes before this step. */
type ParsersRefusal =
  | 'certificate-missing'
  | 'certificate-malformed'
  | 'certificate-too-large'
  | 'certificate-key-unacceptable'
  | 'certificate-signature-unacceptable'
  | 'certificate-names-excessive'

// A reason without a row does not compile.
const refusals: Record<Exclude<CertificateRefusal, ParsersRefusal>, Record<string, Row>> = {
  'certificate-usage-unfit': {
    'T08: an extended key usage for servers only': {
      presented: { extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'] },
    },
    'T08: an empty extended key usage': { presented: { extendedKeyUsage: [] } },
  },
  'certificate-unknown': {
    'no record': { facts: without('certificate') },
    'the record of another certificate': {
      facts: { ...facts, certificate: { ...facts.certificate, certificateId: otherId } },
    },
  },
  'tenant-unknown': {
    'no record of the tenant': { facts: without('tenant') },
    'the record of another tenant': {
      facts: { ...facts, tenant: { ...facts.tenant, tenantId: otherTenant } },
    },
  },
  'tenant-disabled': {
    'a disabled tenant': { facts: { ...facts, tenant: { ...facts.tenant, status: 'DISABLED' } } },
  },
  'certificate-not-active': Object.fromEntries(
    (
      [
        'INACTIVE',
        'REVOKED',
        'PENDING_TRANSFER',
        'PENDING_ACTIVATION',
        'REGISTER_INACTIVE',
      ] satisfies CertificateStatus[]
    ).map((status) => [
      `the status ${status}`,
      { facts: { ...facts, certificate: { ...facts.certificate, status } } },
    ]),
  ),
  'certificate-without-ca': {
    'a registration without CA in a tenant that does not allow it': { facts: withoutCa },
    'a registration without CA in a tenant that does not allow it, and requires lists': {
      facts: { ...withoutCa, tenant: { ...facts.tenant, revocationListRequired: true } },
    },
  },
  'ca-unknown': {
    'no record of the CA': { facts: without('ca') },
    'the record of another CA': {
      facts: { ...facts, ca: { ...facts.ca, caCertificateId: otherCa } },
    },
    'T07: a CA of another tenant': {
      facts: { ...facts, ca: { ...facts.ca, tenantId: otherTenant } },
    },
  },
  'ca-not-active': {
    'an inactive CA where the tenant refuses its devices': {
      facts: {
        ...facts,
        tenant: { ...facts.tenant, inactiveCaRefusesDevices: true },
        ca: { ...facts.ca, status: 'INACTIVE' },
      },
    },
  },
  'certificate-not-signed-by-ca': {
    'T06: a signature of another key': { facts: { ...facts, signedByCa: false } },
    'T06: a signature of another key, where certificates without CA are allowed': {
      facts: {
        ...facts,
        tenant: { ...facts.tenant, certificatesWithoutCa: true },
        signedByCa: false,
      },
    },
  },
  'certificate-revoked-by-ca': {
    'T27: a certificate that the list names': { facts: revocation({ revoked: true }) },
    'T28: a certificate that a list out of date names': {
      facts: revocation({ revoked: true, nextUpdate: new Date(0) }),
    },
  },
  'revocation-list-expired': {
    'T28: a list at the end of its grace': {
      facts: revocation({ nextUpdate: new Date(NOON.getTime() - 1_800_000) }),
    },
    'T28: a list without grace at its next update': {
      facts: revocation({ nextUpdate: NOON, graceSeconds: 0 }),
    },
    'T28: a list without a readable next update': {
      facts: revocation({ nextUpdate: new Date(Number.NaN) }),
    },
    'T28: a list without a readable grace': { facts: revocation({ graceSeconds: Number.NaN }) },
  },
  'revocation-list-missing': {
    'T28: no list where the tenant requires one': {
      facts: { ...facts, tenant: { ...facts.tenant, revocationListRequired: true } },
    },
    'T28: a registration without CA where the tenant requires a list: none can speak of it': {
      facts: {
        ...withoutCa,
        ...listed,
        tenant: { ...facts.tenant, certificatesWithoutCa: true, revocationListRequired: true },
      },
    },
    'T28: no list where the key had one': { facts: { ...facts, ca: listed.ca } },
    'T28: the list of another key': { facts: revocation({ issuerKeySha256: 'cf'.repeat(32) }) },
    'T28: what the list says of another serial number': {
      facts: revocation({ serialNumber: '1e' }),
    },
  },
  'certificate-not-valid-now': {
    'T30: an expired certificate': { presented: { notAfter: NOON } },
    'T30: a certificate from later on': { presented: { notBefore: new Date(NOON.getTime() + 1) } },
    'no readable end': { presented: { notAfter: new Date(Number.NaN) } },
    'no readable beginning': { presented: { notBefore: new Date(Number.NaN) } },
  },
  'certificate-expires-too-soon': {
    'T31: less than 900 seconds left, with the margin of 10': {
      presented: { notAfter: new Date(NOON.getTime() + 909_999) },
    },
  },
}

describe.each(Object.entries(refusals))('refuses with %s', (reason, rows) => {
  test.each(Object.entries(rows))('%s', (_, row) => {
    const changed = (row.facts ?? facts) as AuthenticationFacts
    expect(authenticate({ ...certificate, ...row.presented }, changed, NOON)).toEqual({
      allow: false,
      reason,
    })
  })
})

const accepted: Record<string, Row> = {
  'the example': {},
  'no extended key usage': { presented: { extendedKeyUsage: undefined as unknown as string[] } },
  'client authentication among other usages': {
    presented: { extendedKeyUsage: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'] },
  },
  'a certificate that begins this instant': { presented: { notBefore: NOON } },
  'an inactive CA, as in AWS IoT': { facts: { ...facts, ca: { ...facts.ca, status: 'INACTIVE' } } },
  'an active CA where the tenant refuses devices of inactive ones': {
    facts: { ...facts, tenant: { ...facts.tenant, inactiveCaRefusesDevices: true } },
  },
  'a certificate that the list in force does not name': { facts: { ...facts, ...listed } },
  'a certificate that the list does not name, where the tenant requires one': {
    facts: { ...facts, ...listed, tenant: { ...facts.tenant, revocationListRequired: true } },
  },
  'T28: a certificate at the last instant of the grace of the list': {
    facts: revocation({ nextUpdate: new Date(NOON.getTime() - 1_799_999) }),
  },
  'T28: a certificate at the last instant before the next update of a list without grace': {
    facts: revocation({ nextUpdate: new Date(NOON.getTime() + 1), graceSeconds: 0 }),
  },
  'a list for a CA whose key never had one: it is not looked at': {
    facts: { ...facts, revocation: { ...listed.revocation, revoked: true } },
  },
  'a registration without CA in a tenant that allows it, although no CA signed': {
    facts: {
      ...withoutCa,
      tenant: { ...facts.tenant, certificatesWithoutCa: true },
      revocation: { ...listed.revocation, revoked: true },
      ca: undefined,
      signedByCa: false,
    },
  },
}

test.each(Object.entries(accepted))('accepts %s', (_, row) => {
  const changed = (row.facts ?? facts) as AuthenticationFacts
  expect(authenticate({ ...certificate, ...row.presented }, changed, NOON)).toMatchObject({
    allow: true,
    certificate: { tenantId: 'acme' },
    tenant: { tenantId: 'acme' },
  })
})

test.each([
  [910_000, 900],
  [911_999, 901],
])('says how many whole seconds a session may last: %d ms', (left, remainingSeconds) => {
  const presented = { ...certificate, notAfter: new Date(NOON.getTime() + left) }
  expect(authenticate(presented, facts, NOON)).toMatchObject({ allow: true, remainingSeconds })
})
