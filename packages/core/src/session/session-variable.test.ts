import { expect, test } from 'vitest'
import { certificateEntries } from '../policy/certificate-entries.ts'
import { findSessionVariable } from './session-variable.ts'

test.each([
  'credentials-iot:ThingName',
  'credentials-iot:ThingTypeName',
  'credentials-iot:AwsCertificateId',
  'thingpass:TenantId',
  'iot:CertificateId',
  'iot:Connection.Thing.ThingName',
  'iot:Connection.Thing.ThingTypeName',
  'iot:Connection.Thing.IsAttached',
  'iot:Connection.Thing.Attributes[site]',
  'iot:Connection.Thing.Attributes[a.B_1,@/:#-]',
  'iot:Connection.Thing.Attributes[__proto__]',
  `iot:Connection.Thing.Attributes[${'a'.repeat(128)}]`,
  'iot:Connection.Thing.Attributes[x.List]',
])('%s is a variable of the registry, one value', (name) => {
  expect(findSessionVariable(name)).toEqual({ name, fromCertificate: false, isList: false })
  const other = name.toUpperCase()
  expect(findSessionVariable(other)).toEqual({ name: other, fromCertificate: false, isList: false })
})

test.each([
  'iot:Certificate.SerialNumber',
  'iot:Certificate.Subject.CommonName',
  'iot:Certificate.Issuer.OrganizationalUnit.1',
  'iot:Certificate.Subject.Country.4',
  'iot:Certificate.Subject.AlternativeName.RFC822Name',
  'iot:Certificate.Issuer.AlternativeName.DNSName.2',
  'iot:Certificate.Subject.AlternativeName.DirectoryName',
  'iot:Certificate.Subject.AlternativeName.UniformResourceIdentifier',
  'iot:Certificate.Subject.AlternativeName.IPAddress',
])('%s is a variable of the certificate, one value', (name) => {
  expect(findSessionVariable(name)).toEqual({ name, fromCertificate: true, isList: false })
})

test.each([
  'iot:Certificate.AvailableKeys',
  'iot:Certificate.Subject.OrganizationalUnit.List',
  'iot:certificate.issuer.alternativename.dnsname.list',
])('%s is a list of the certificate', (name) => {
  expect(findSessionVariable(name)).toEqual({ name, fromCertificate: true, isList: true })
})

test.each([
  '',
  'iot:ClientId',
  'iot:DomainName',
  'aws:SourceIp',
  'credentials-iot:ThingNames',
  'xcredentials-iot:ThingName',
  'xthingpass:TenantId',
  'thingpass:TenantIds',
  'xiot:CertificateId',
  'iot:CertificateIds',
  'xiot:Connection.Thing.ThingName',
  'iot:Connection.Thing.ThingNames',
  'iot:Connection-Thing.ThingName',
  'iot:Connection.Thing-ThingName',
  'iot:Connection.Thing.Attributes[]',
  'iot:Connection.Thing.Attributes[a b]',
  `iot:Connection.Thing.Attributes[${'a'.repeat(129)}]`,
  'xiot:Certificate.SerialNumber',
  'iot:Certificate.SerialNumbers',
  'iot:Certificate-SerialNumber',
  'iot:Certificate.SerialNumber.List',
  'iot:Certificate.Subject.Nothing',
  'iot:Certificate.Subject-CommonName',
  'iot:Certificate.Subject.CommonName.0',
  'iot:Certificate.Subject.CommonName.5',
  'iot:Certificate.Subject.CommonName-1',
  'iot:Certificate.Subject.CommonName-List',
  'iot:Certificate.Subject.AlternativeName-DNSName',
  'iot:Certificate.Subject.AlternativeName',
])('%j is no variable', (name) => {
  expect(findSessionVariable(name)).toBeUndefined()
})

test('every variable that a certificate sets is known, with what it holds', () => {
  const attribute = (type: string) => ({ rdn: 0, type, value: 'x' })
  const names = ['2.5.4.3', '2.5.4.6', '2.5.4.6', '2.5.4.6', '2.5.4.6', '2.5.4.6', '2.5.4.65']
  const entries = certificateEntries({
    subject: names.map(attribute),
    issuer: names.map(attribute),
    subjectAlternativeNames: (
      ['rfc822Name', 'dNSName', 'directoryName', 'uniformResourceIdentifier', 'iPAddress'] as const
    ).map((kind) => ({ kind, value: 'x' })),
    issuerAlternativeNames: [{ kind: 'dNSName', value: 'x' }],
    serialNumber: '1',
  } as unknown as Parameters<typeof certificateEntries>[0])
  expect(entries.length).toBeGreaterThan(20)
  for (const [name, value] of entries) {
    const isList = typeof value !== 'string'
    expect(findSessionVariable(name)).toEqual({ name, fromCertificate: true, isList })
  }
})
