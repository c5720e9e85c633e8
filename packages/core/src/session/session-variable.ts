import { isCertificateDerived } from '../policy/certificate-values.ts'
import { NAME_FIELDS } from '../policy/name-fields.ts'

/** What is known of a variable before any device asks. */
export type SessionVariable = {
  /** As the template spells it; names are compared without case. */
  readonly name: string
  /** Whether the text comes out of a certificate, so from whoever had it signed, not from the registry. */
  readonly fromCertificate: boolean
  /** Whether it holds all values of a repeated field. */
  readonly isList: boolean
}

/** Attribute names are 1–128 of AWS IoT's set. */
const THING = '(?:ThingName|ThingTypeName|IsAttached|Attributes\\[[a-zA-Z0-9_.,@/:#-]{1,128}\\])'
const NAME_FIELD = [...NAME_FIELDS.values()].join('|')
const ALTERNATIVE_NAME =
  'AlternativeName\\.(?:RFC822Name|DNSName|DirectoryName|UniformResourceIdentifier|IPAddress)'
/** The bare name is a field's first value, `.1` the second and `.4` the last of the five that count. */
const FIELD = `(?:Subject|Issuer)\\.(?:${NAME_FIELD}|${ALTERNATIVE_NAME})(?:\\.[1-4]|\\.List)?`

const NAME = new RegExp(
  [
    '^credentials-iot:(?:ThingName|ThingTypeName|AwsCertificateId)$',
    '^thingpass:TenantId$',
    '^iot:CertificateId$',
    `^iot:Connection\\.Thing\\.${THING}$`,
    `^iot:Certificate\\.(?:SerialNumber|AvailableKeys|${FIELD})$`,
  ].join('|'),
  'i',
)
const LIST = /\.(?:List|AvailableKeys)$/i

/**
 * Looks a variable up in the closed list of those that a template may name; undefined for any other.
 * `iot:ClientId` is left out because nothing sets it here: a template that needs it could never be rendered.
 * Source: AWS IoT Developer Guide, thing-policy-variables, cert-policy-variables, authorizing-direct-aws.
 */
export function findSessionVariable(name: string): SessionVariable | undefined {
  return NAME.test(name)
    ? { name, fromCertificate: isCertificateDerived(name), isList: LIST.test(name) }
    : undefined
}
