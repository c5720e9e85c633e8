/**
 * The names that cross a trust boundary, each a brand that only its parser makes. Comparison is byte for byte: nothing
 * is trimmed, folded or normalised, so two names that differ in any character never meet.
 * Source: AWS IoT API model 2015-05-28 (patterns and lengths), IAM API model (role ARN).
 */

declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

/** Owner of CAs, things, policies and role aliases: `^[a-z0-9][a-z0-9-]{0,62}$`. */
export type TenantId = Branded<'TenantId'>
/** SHA-256 of a certificate's DER: 64 lower-case hex digits. */
export type CertificateId = Branded<'CertificateId'>
/** SHA-256 of a CA certificate's DER: 64 lower-case hex digits. */
export type CaCertificateId = Branded<'CaCertificateId'>
/** Name of a thing: 1–128 of `[a-zA-Z0-9:_-]`. */
export type ThingName = Branded<'ThingName'>
/** Name of a thing type: 1–128 of `[a-zA-Z0-9:_-]`. */
export type ThingTypeName = Branded<'ThingTypeName'>
/** Name of a thing group: 1–128 of `[a-zA-Z0-9:_-]`. */
export type ThingGroupName = Branded<'ThingGroupName'>
/** Name of an IoT policy: 1–128 of `[\w+=,.@-]`. */
export type PolicyName = Branded<'PolicyName'>
/** Name of a role alias: 1–128 of `[\w=,@-]`, case-sensitive. */
export type RoleAlias = Branded<'RoleAlias'>
/** ARN of an IAM role: 20–2048 characters. */
export type RoleArn = Branded<'RoleArn'>
/** AWS account: 12 digits. */
export type AccountId = Branded<'AccountId'>
/** AWS region, such as `eu-central-1`. */
export type Region = Branded<'Region'>

const HEX_SHA256 = /^[0-9a-f]{64}$/
const REGISTRY_NAME = /^[a-zA-Z0-9:_-]{1,128}$/
const ROLE_ARN = /^arn:aws[a-zA-Z-]{0,20}:iam::\d{12}:role\/[a-zA-Z0-9_+=,.@/-]{1,2000}$/

/** Makes a parser: the text itself, branded, when it is a string that the pattern matches whole. */
function parserOf<Name extends Branded<string>>(pattern: RegExp) {
  return (text: unknown): Name | undefined =>
    typeof text === 'string' && pattern.test(text) ? (text as Name) : undefined
}

/** Parses a tenant id. */
export const parseTenantId = parserOf<TenantId>(/^[a-z0-9][a-z0-9-]{0,62}$/)
/** Parses a certificate id; upper case is refused. */
export const parseCertificateId = parserOf<CertificateId>(HEX_SHA256)
/** Parses a CA certificate id; upper case is refused. */
export const parseCaCertificateId = parserOf<CaCertificateId>(HEX_SHA256)
/** Parses a thing name. */
export const parseThingName = parserOf<ThingName>(REGISTRY_NAME)
/** Parses a thing type name. */
export const parseThingTypeName = parserOf<ThingTypeName>(REGISTRY_NAME)
/** Parses a thing group name. */
export const parseThingGroupName = parserOf<ThingGroupName>(REGISTRY_NAME)
/** Parses a policy name. */
export const parsePolicyName = parserOf<PolicyName>(/^[\w+=,.@-]{1,128}$/)
/** Parses a role alias. */
export const parseRoleAlias = parserOf<RoleAlias>(/^[\w=,@-]{1,128}$/)
/** Parses the ARN of an IAM role. */
export const parseRoleArn = parserOf<RoleArn>(ROLE_ARN)
/** Parses an AWS account id. */
export const parseAccountId = parserOf<AccountId>(/^\d{12}$/)
/** Parses an AWS region name. */
export const parseRegion = parserOf<Region>(/^[a-z]{2}(?:-[a-z]{2,12}){1,3}-\d{1,2}$/)

/** The tenant that is meant when nobody names one. */
export const DEFAULT_TENANT = 'default' as TenantId
