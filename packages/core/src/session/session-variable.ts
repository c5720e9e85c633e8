/** What is known of a variable before any device asks. */
export type SessionVariable = {
  /** As the template spells it; names are compared without case. */
  readonly name: string
  /** Whether the text comes from a certificate, so from whoever had it signed, not from the registry. */
  readonly fromCertificate: boolean
  /** Whether it holds all values of a repeated field. */
  readonly isList: boolean
}

const NAME_FIELDS =
  'DistinguishedNameQualifier|Country|Organization|OrganizationalUnit|State|CommonName|SerialNumber' +
  '|Title|Surname|GivenName|Initials|Pseudonym|GenerationQualifier'
const ALTERNATIVE_NAMES = 'RFC822Name|DNSName|DirectoryName|UniformResourceIdentifier|IPAddress'

/** Values in one field are five at most, so the suffixes end at `.4`; the bare name is the first value. */
const REPEATED_FIELD = `(?:Subject|Issuer)\\.(?:${NAME_FIELDS}|AlternativeName\\.(?:${ALTERNATIVE_NAMES}))`
const CERTIFICATE_VALUE = new RegExp(
  `^iot:Certificate\\.(?:SerialNumber|${REPEATED_FIELD}(?:\\.[1-4])?)$`,
  'i',
)
const CERTIFICATE_LIST = new RegExp(
  `^iot:Certificate\\.(?:AvailableKeys|${REPEATED_FIELD}\\.List)$`,
  'i',
)
/** Attribute names: 1–128 of AWS IoT's set. */
const REGISTRY_VALUE = new RegExp(
  '^(?:credentials-iot:(?:ThingName|ThingTypeName|AwsCertificateId)|thingpass:TenantId|iot:CertificateId' +
    '|iot:Connection\\.Thing\\.(?:ThingName|ThingTypeName|IsAttached|Attributes\\[[a-zA-Z0-9_.,@/:#-]{1,128}\\]))$',
  'i',
)

/**
 * Looks a variable up in the closed list of those that a template may name; undefined for any other.
 * Source: AWS IoT Developer Guide, thing-policy-variables and cert-policy-variables; `iot:ClientId` is left out because
 * nothing sets it here, so a template that needs it could never be rendered.
 */
export function findSessionVariable(name: string): SessionVariable | undefined {
  const isList = CERTIFICATE_LIST.test(name)
  const fromCertificate = isList || CERTIFICATE_VALUE.test(name)
  return fromCertificate || REGISTRY_VALUE.test(name)
    ? { name, fromCertificate, isList }
    : undefined
}
