import { describe, expect, test } from 'vitest'
import type { CertificateFacts } from '../certificate-facts.ts'
import { type CertificateId, DEFAULT_TENANT, type ThingName, type ThingTypeName } from '../names.ts'
import type { ThingRecord } from '../records.ts'
import { type DeviceCircumstances, deviceContext } from './device-context.ts'

const NOON = new Date('2026-06-01T12:00:00.900Z')

const CERTIFICATE: CertificateFacts = {
  certificateId: 'ab12' as CertificateId,
  publicKeySha256: 'cd',
  serialNumber: '1f',
  notBefore: NOON,
  notAfter: NOON,
  subject: [],
  issuer: [],
  subjectAlternativeNames: [],
  issuerAlternativeNames: [],
  issuerHint: 'ef',
  publicKey: { type: 'ec', curve: 'P-256', bits: 256 },
}

const DEVICE: DeviceCircumstances = {
  certificate: CERTIFICATE,
  tenantId: DEFAULT_TENANT,
  hostName: 'x.credentials.iot.example.com',
  sourceIp: '192.0.2.1',
  now: NOON,
}

const THING: ThingRecord = {
  thingName: 'cam1' as ThingName,
  thingId: 'id',
  thingTypeName: 'camera' as ThingTypeName,
  attributes: new Map([
    ['site', 'p7'],
    ['__proto__', 'odd'],
  ]),
  groups: [],
}

const entriesOf = (device: DeviceCircumstances) => Object.fromEntries(deviceContext(device).entries)

const certificateEntriesOf = (certificate: Partial<CertificateFacts>) =>
  Object.fromEntries(
    Array.from(
      deviceContext({ ...DEVICE, certificate: { ...CERTIFICATE, ...certificate } }).entries,
    ).filter(([key]) => key.startsWith('iot:Certificate.')),
  )

const WITHOUT_THING = {
  'iot:CertificateId': 'ab12',
  'credentials-iot:AwsCertificateId': 'ab12',
  'thingpass:TenantId': 'default',
  'iot:DomainName': 'x.credentials.iot.example.com',
  'aws:SourceIp': '192.0.2.1',
  'aws:CurrentTime': '2026-06-01T12:00:00.900Z',
  'aws:EpochTime': '1780315200',
  'aws:SecureTransport': 'true',
  'iot:Certificate.SerialNumber': '1f',
  'iot:Certificate.AvailableKeys': ['iot:Certificate.SerialNumber'],
}

test('has these keys and no others without a thing', () => {
  expect(entriesOf(DEVICE)).toEqual(WITHOUT_THING)
})

test('has the keys of an attached thing', () => {
  const { entries } = deviceContext({ ...DEVICE, thing: { record: THING, attached: true } })
  const added = Array.from(entries).filter(([key]) => !(key in WITHOUT_THING))
  expect(added).toEqual([
    ['iot:Connection.Thing.IsAttached', 'true'],
    ['iot:Connection.Thing.ThingName', 'cam1'],
    ['credentials-iot:ThingName', 'cam1'],
    ['iot:Connection.Thing.ThingTypeName', 'camera'],
    ['credentials-iot:ThingTypeName', 'camera'],
    ['iot:Connection.Thing.Attributes[site]', 'p7'],
    ['iot:Connection.Thing.Attributes[__proto__]', 'odd'],
  ])
})

test('has no type keys for a thing without a type', () => {
  const { thingTypeName: _, ...record } = THING
  const entries = entriesOf({ ...DEVICE, thing: { record, attached: true } })
  expect(Object.keys(entries).filter((key) => !(key in WITHOUT_THING))).toEqual([
    'iot:Connection.Thing.IsAttached',
    'iot:Connection.Thing.ThingName',
    'credentials-iot:ThingName',
    'iot:Connection.Thing.Attributes[site]',
    'iot:Connection.Thing.Attributes[__proto__]',
  ])
})

test('has nothing of a thing that is not attached but that it is not', () => {
  const entries = entriesOf({ ...DEVICE, thing: { record: THING, attached: false } })
  expect(entries).toEqual({ ...WITHOUT_THING, 'iot:Connection.Thing.IsAttached': 'false' })
})

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8::1', '2001:db8::1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:192.0.2.1', '192.0.2.1'],
  ['::ffff:102:304', '::ffff:102:304'],
  ['64::ffff:1.2.3.4', '64::ffff:1.2.3.4'],
  ['::ffff:192', '::ffff:192'],
])('source address %s is written %s', (sourceIp, written) => {
  expect(entriesOf({ ...DEVICE, sourceIp })['aws:SourceIp']).toBe(written)
})

describe('certificate keys', () => {
  test('names every X.520 attribute that AWS names, of subject and issuer, and no other', () => {
    const fields = {
      '2.5.4.3': 'CommonName',
      '2.5.4.4': 'Surname',
      '2.5.4.5': 'SerialNumber',
      '2.5.4.6': 'Country',
      '2.5.4.7': undefined, // locality
      '2.5.4.8': 'State',
      '2.5.4.10': 'Organization',
      '2.5.4.11': 'OrganizationalUnit',
      '2.5.4.12': 'Title',
      '2.5.4.42': 'GivenName',
      '2.5.4.43': 'Initials',
      '2.5.4.44': 'GenerationQualifier',
      '2.5.4.46': 'DistinguishedNameQualifier',
      '2.5.4.65': 'Pseudonym',
      '1.2.840.113549.1.9.1': undefined, // e-mail address
    }
    const name = Object.keys(fields).map((type, rdn) => ({ rdn, type, value: `v${type}` }))
    const entries = certificateEntriesOf({ subject: name, issuer: name })
    const expected = Object.entries(fields).flatMap(([type, field]) =>
      field === undefined ? [] : [[field, `v${type}`] as const],
    )
    for (const party of ['Subject', 'Issuer']) {
      for (const [field, value] of expected) {
        expect(entries[`iot:Certificate.${party}.${field}`]).toBe(value)
      }
    }
    expect(Object.keys(entries)).toHaveLength(2 + 2 * 2 * expected.length)
    expect(entries['iot:Certificate.AvailableKeys']).toEqual([
      'iot:Certificate.SerialNumber',
      ...['Subject', 'Issuer'].flatMap((party) =>
        expected.map(([field]) => `iot:Certificate.${party}.${field}`),
      ),
    ])
  })

  test('numbers repeated fields from the second value on, five at most', () => {
    const subject = ['a', 'b', 'c', 'd', 'e', 'f'].map((value, rdn) => ({
      rdn,
      type: '2.5.4.11',
      value,
    }))
    const unit = 'iot:Certificate.Subject.OrganizationalUnit'
    expect(certificateEntriesOf({ subject })).toEqual({
      [unit]: 'a',
      [`${unit}.1`]: 'b',
      [`${unit}.2`]: 'c',
      [`${unit}.3`]: 'd',
      [`${unit}.4`]: 'e',
      [`${unit}.List`]: ['a', 'b', 'c', 'd', 'e'],
      'iot:Certificate.SerialNumber': '1f',
      'iot:Certificate.AvailableKeys': [
        'iot:Certificate.SerialNumber',
        ...[unit, `${unit}.1`, `${unit}.2`, `${unit}.3`, `${unit}.4`],
      ],
    })
  })

  test('keeps the values as the certificate has them', () => {
    const subject = [{ rdn: 0, type: '2.5.4.10', value: 'A, Inc. = "x"*' }]
    expect(certificateEntriesOf({ subject })['iot:Certificate.Subject.Organization']).toBe(
      'A, Inc. = "x"*',
    )
  })

  test('names the alternative names of subject and issuer', () => {
    const names = [
      { kind: 'rfc822Name', value: 'a@example.com' },
      { kind: 'dNSName', value: 'a.example.com' },
      { kind: 'directoryName', value: 'CN=a' },
      { kind: 'uniformResourceIdentifier', value: 'urn:a' },
      { kind: 'iPAddress', value: '192.0.2.1' },
    ] as const
    const [first, ...rest] = names
    const entries = certificateEntriesOf({
      subjectAlternativeNames: names,
      issuerAlternativeNames: [...rest, first, first],
    })
    for (const party of ['Subject', 'Issuer']) {
      const prefix = `iot:Certificate.${party}.AlternativeName.`
      const ofParty = Object.entries(entries)
        .filter(([key]) => key.startsWith(prefix) && !/\.(List|\d)$/.test(key))
        .map(([key, value]) => [key.slice(prefix.length), value])
      expect(Object.fromEntries(ofParty)).toEqual({
        RFC822Name: 'a@example.com',
        DNSName: 'a.example.com',
        DirectoryName: 'CN=a',
        UniformResourceIdentifier: 'urn:a',
        IPAddress: '192.0.2.1',
      })
    }
    expect(entries['iot:Certificate.Issuer.AlternativeName.RFC822Name.1']).toBe('a@example.com')
    expect(entries['iot:Certificate.Subject.AlternativeName.RFC822Name.1']).toBe(undefined)
  })
})
