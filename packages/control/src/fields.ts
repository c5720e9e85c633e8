import {
  parseCertificateId,
  parsePolicyName,
  parseRoleAlias,
  parseRoleArn,
  parseThingGroupName,
  parseThingName,
  parseThingTypeName,
} from '@thingpass/core/names'
import { mapOf, optional, structure } from './compound-shape.ts'
import { flag, integer, named, text } from './shape.ts'

/** The fields that several operations share. Source: AWS IoT API model 2015-05-28. */

const NAME = { shortest: 1, longest: 128 } as const
const REGISTRY_NAME = { ...NAME, pattern: /^[a-zA-Z0-9:_-]+$/ } as const

export const ROLE_ALIAS = named(parseRoleAlias, { ...NAME, pattern: /^[\w=,@-]+$/ })
export const POLICY_NAME = named(parsePolicyName, { ...NAME, pattern: /^[\w+=,.@-]+$/ })
export const THING_NAME = named(parseThingName, REGISTRY_NAME)
export const THING_TYPE_NAME = named(parseThingTypeName, REGISTRY_NAME)
export const THING_GROUP_NAME = named(parseThingGroupName, REGISTRY_NAME)
/** The model allows upper case and `0x`; an id is written in one way only here, in lower case without prefix. */
export const CERTIFICATE_ID = named(parseCertificateId, {
  shortest: 64,
  longest: 64,
  pattern: /^[a-f0-9]+$/,
})
/** Source of the pattern: CloudFormation, AWS::IoT::RoleAlias. */
export const ROLE_ARN = named(parseRoleArn, {
  shortest: 20,
  longest: 2048,
  pattern: /^arn:aws[a-zA-Z-]*:iam::\d{12}:role\/[a-zA-Z0-9_+=,.@/-]+$/,
})
export const CREDENTIAL_DURATION = integer(900, 43_200)
export const POLICY_VERSION_ID = text({ shortest: 1, longest: 10, pattern: /^[0-9]+$/ })
/** What counts towards the policy quota is checked with the document; this bounds the wire. */
export const POLICY_DOCUMENT = text({ longest: 404_600, repeated: false })
/** ARN of a certificate, group or role alias; which of them an operation takes is its own to say. */
export const ARN = text({ shortest: 1, longest: 2048 })
export const ATTRIBUTE_NAME = text({ longest: 128, pattern: /^[a-zA-Z0-9_.,@/:#-]+$/ })
export const ATTRIBUTE_VALUE = text({ longest: 800, pattern: /^[a-zA-Z0-9_.,@/:#=[\]-]*$/ })
/** Entries: the quota of things with a type. Source: AWS IoT quotas. */
export const ATTRIBUTES = mapOf(ATTRIBUTE_NAME, ATTRIBUTE_VALUE, 50)
/** Of things and of groups. */
export const ATTRIBUTE_PAYLOAD = structure({
  attributes: optional(ATTRIBUTES),
  merge: optional(flag()),
})
export const EXPECTED_VERSION = integer(0, Number.MAX_SAFE_INTEGER)
/** `\p{Graph}` is visible ASCII, as Java reads it. */
export const DESCRIPTION = text({ longest: 2028, pattern: /^[\x20-\x7e]*$/ })
