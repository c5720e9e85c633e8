import {
  characterString,
  constructed,
  oid,
  primitive,
  type StringEncoding,
  sequence,
  set,
} from './der-writer.ts'

/** One attribute; `type` is a short name such as `CN`, or a dotted OID. */
export type TestAttribute = {
  readonly type: string
  readonly value: string
  readonly encoding?: StringEncoding
}
/** RDNs in order; an array is a multi-valued RDN. A bare string stands for one CN. */
export type TestName = string | readonly (TestAttribute | readonly TestAttribute[])[]

/** One GeneralName: text kinds by name, directory names as RDNs, anything else as ready-made DER. */
export type TestAlternativeName =
  | { readonly email: string }
  | { readonly dns: string }
  | { readonly uri: string }
  | { readonly ip: readonly number[] }
  | { readonly directory: TestName }
  | { readonly der: Uint8Array }

/** DER of one GeneralName. */
export function alternativeNameDer(name: TestAlternativeName): Uint8Array {
  if ('email' in name) return primitive(1, Buffer.from(name.email))
  if ('dns' in name) return primitive(2, Buffer.from(name.dns))
  if ('directory' in name) return constructed(4, nameDer(name.directory))
  if ('uri' in name) return primitive(6, Buffer.from(name.uri))
  if ('ip' in name) return primitive(7, Buffer.from(name.ip))
  return name.der
}

const ATTRIBUTE_TYPES: Readonly<Record<string, string>> = {
  CN: '2.5.4.3',
  SN: '2.5.4.4',
  serialNumber: '2.5.4.5',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  STREET: '2.5.4.9',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  UID: '0.9.2342.19200300.100.1.1',
  DC: '0.9.2342.19200300.100.1.25',
  emailAddress: '1.2.840.113549.1.9.1',
}

/** DER of a distinguished name; attributes are UTF8String where nothing else is asked for. */
export function nameDer(name: TestName): Buffer {
  const rdns = typeof name === 'string' ? [{ type: 'CN', value: name }] : name
  return sequence(...rdns.map((rdn) => set(...[rdn].flat().map(attributeDer))))
}

function attributeDer({ type, value, encoding = 'utf8' }: TestAttribute): Buffer {
  return sequence(oid(ATTRIBUTE_TYPES[type] ?? type), characterString(value, encoding))
}
