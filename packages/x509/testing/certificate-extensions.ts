import { alternativeNameDer, type TestAlternativeName } from './certificate-names.ts'
import { bitString, boolean, integer, octetString, oid, primitive, sequence } from './der-writer.ts'
import { keyIdOf, type TestKey } from './keys.ts'

/** An extension; `value` is the DER inside its OCTET STRING. `critical: false` is left out, as DER wants it. */
export type TestExtension = {
  readonly oid: string
  readonly critical?: boolean
  readonly value: Uint8Array
}

/** What the extensions say; `false` leaves one out. */
export type ExtensionOptions = {
  readonly basicConstraints?: { readonly ca: boolean; readonly pathLength?: number } | false
  /** RFC 5280 names. */
  readonly keyUsage?: readonly string[] | false
  /** Short names such as `clientAuth`, or dotted OIDs. */
  readonly extendedKeyUsage?: readonly string[] | false
  readonly subjectAlternativeNames?: readonly TestAlternativeName[]
  readonly issuerAlternativeNames?: readonly TestAlternativeName[]
  readonly subjectKeyId?: Uint8Array | false
  readonly authorityKeyId?: Uint8Array | false
  /** Added after the others. */
  readonly extensions?: readonly TestExtension[]
}

/** The extensions that the options ask for, in a fixed order. */
export function extensionsOf(
  issuer: { readonly subjectKeyId?: Uint8Array },
  key: TestKey,
  options: ExtensionOptions,
): readonly TestExtension[] {
  const { subjectKeyId } = subjectKeyIdOf(options, key)
  const { authorityKeyId = issuer.subjectKeyId ?? false } = options
  return [
    ...basicConstraintsOf(options),
    ...keyUsageOf(options),
    ...extendedKeyUsageOf(options),
    ...alternativeNamesOf('2.5.29.17', options.subjectAlternativeNames),
    ...alternativeNamesOf('2.5.29.18', options.issuerAlternativeNames),
    ...(subjectKeyId ? [{ oid: '2.5.29.14', value: octetString(subjectKeyId) }] : []),
    ...(authorityKeyId
      ? [{ oid: '2.5.29.35', value: sequence(primitive(0, authorityKeyId)) }]
      : []),
    ...(options.extensions ?? []),
  ]
}

function basicConstraintsOf({ basicConstraints }: ExtensionOptions): readonly TestExtension[] {
  if (!basicConstraints) return []
  const { ca, pathLength } = basicConstraints
  const value = sequence(
    ...(ca ? [boolean(true)] : []),
    ...(pathLength === undefined ? [] : [integer(pathLength)]),
  )
  return [{ oid: '2.5.29.19', critical: true, value }]
}

const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
]

function keyUsageOf({ keyUsage }: ExtensionOptions): readonly TestExtension[] {
  if (!keyUsage) return []
  const bits = keyUsage.reduce((sum, name) => sum | (0x8000 >> KEY_USAGES.indexOf(name)), 0)
  const octets = Buffer.from([bits >> 8, bits & 0xff])
  const content = octets[1] === 0 ? octets.subarray(0, 1) : octets
  const last = content.at(-1) ?? 0
  const unusedBits = last === 0 ? 0 : 31 - Math.clz32(last & -last)
  return [{ oid: '2.5.29.15', critical: true, value: bitString(content, unusedBits) }]
}

const EXTENDED_KEY_USAGES: Readonly<Record<string, string>> = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  any: '2.5.29.37.0',
}

function extendedKeyUsageOf({ extendedKeyUsage }: ExtensionOptions): readonly TestExtension[] {
  if (!extendedKeyUsage) return []
  const usages = extendedKeyUsage.map((usage) => oid(EXTENDED_KEY_USAGES[usage] ?? usage))
  return [{ oid: '2.5.29.37', value: sequence(...usages) }]
}

function alternativeNamesOf(
  extension: string,
  names: readonly TestAlternativeName[] | undefined,
): readonly TestExtension[] {
  return names ? [{ oid: extension, value: sequence(...names.map(alternativeNameDer)) }] : []
}

/** The subject key id that a certificate with these options carries, if any. */
export function subjectKeyIdOf(
  options: ExtensionOptions,
  key: TestKey,
): { subjectKeyId?: Uint8Array } {
  const { subjectKeyId = keyIdOf(key) } = options
  return subjectKeyId === false ? {} : { subjectKeyId }
}

/** DER of one extension. */
export function extensionDer({ oid: type, critical, value }: TestExtension): Buffer {
  return sequence(oid(type), ...(critical ? [boolean(true)] : []), octetString(value))
}
