import type { AlternativeName, CertificateFacts, NameAttribute } from '../certificate-facts.ts'
import { NAME_FIELDS } from './name-fields.ts'

/** Name of a variable without index, and one of its values. */
type FieldValue = readonly [name: string, value: string]

/** Values of one field that have variables; the rest is ignored. Source: AWS IoT Developer Guide, cert-policy-variables. */
const MAX_VALUES_PER_FIELD = 5

const KINDS = {
  rfc822Name: 'RFC822Name',
  dNSName: 'DNSName',
  directoryName: 'DirectoryName',
  uniformResourceIdentifier: 'UniformResourceIdentifier',
  iPAddress: 'IPAddress',
} as const satisfies Record<AlternativeName['kind'], string>

/**
 * Makes the `iot:Certificate.` keys. Of a repeated field the bare name is the first value, `.1` the second and so on, `.List`
 * all of them, in the certificate's order. `AvailableKeys` lists the names that have one value.
 * Source: AWS IoT Developer Guide, cert-policy-variables.
 */
export function certificateEntries(
  certificate: CertificateFacts,
): readonly (readonly [string, string | readonly string[]])[] {
  const fields = Map.groupBy(fieldValues(certificate), ([name]) => name)
  const lists = Array.from(
    fields,
    ([name, pairs]) =>
      [name, pairs.slice(0, MAX_VALUES_PER_FIELD).map(([, value]) => value)] as const,
  )
  const singles = [
    ['iot:Certificate.SerialNumber', certificate.serialNumber] as const,
    ...lists.flatMap(([name, values]) =>
      values.map((value, index) => [indexed(name, index), value] as const),
    ),
  ]
  return [
    ...singles,
    ...lists.map(([name, values]) => [`${name}.List`, values] as const),
    ['iot:Certificate.AvailableKeys', singles.map(([name]) => name)],
  ]
}

function indexed(name: string, index: number): string {
  return index === 0 ? name : `${name}.${index}`
}

function fieldValues(certificate: CertificateFacts): readonly FieldValue[] {
  return [
    ...nameValues('Subject', certificate.subject),
    ...nameValues('Issuer', certificate.issuer),
    ...alternativeNameValues('Subject', certificate.subjectAlternativeNames),
    ...alternativeNameValues('Issuer', certificate.issuerAlternativeNames),
  ]
}

function nameValues(
  party: 'Subject' | 'Issuer',
  attributes: readonly NameAttribute[],
): readonly FieldValue[] {
  return attributes.flatMap(({ type, value }): readonly FieldValue[] => {
    const field = NAME_FIELDS.get(type)
    return field === undefined ? [] : [[`iot:Certificate.${party}.${field}`, value]]
  })
}

function alternativeNameValues(
  party: 'Subject' | 'Issuer',
  names: readonly AlternativeName[],
): readonly FieldValue[] {
  return names.map(({ kind, value }) => [
    `iot:Certificate.${party}.AlternativeName.${KINDS[kind]}`,
    value,
  ])
}
