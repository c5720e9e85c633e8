import {
  type CaCertificateId,
  type CertificateId,
  type PolicyName,
  parseCaCertificateId,
  parseCertificateId,
  parsePolicyName,
  parseRoleAlias,
  parseThingGroupName,
  parseThingName,
  parseThingTypeName,
  type RoleAlias,
  type ThingGroupName,
  type ThingName,
  type ThingTypeName,
} from '@thingpass/core/names'
import type { Deployment } from '@thingpass/core/request'

/** A resource of the registry, by its name. ARNs do not carry the tenant: it is the caller's. */
export type Resource =
  | { readonly kind: 'certificate'; readonly certificateId: CertificateId }
  | { readonly kind: 'ca-certificate'; readonly caCertificateId: CaCertificateId }
  | { readonly kind: 'policy'; readonly policyName: PolicyName }
  | { readonly kind: 'role-alias'; readonly roleAlias: RoleAlias }
  | { readonly kind: 'thing'; readonly thingName: ThingName }
  | { readonly kind: 'thing-group'; readonly groupName: ThingGroupName }
  | { readonly kind: 'thing-type'; readonly thingTypeName: ThingTypeName }

/** What an ARN was read as, or what is wrong with it in words for the caller. */
export type ArnReading =
  | { readonly ok: true; readonly resource: Resource }
  | { readonly ok: false; readonly problem: string }

/** Writes and reads the ARNs of one deployment. */
export type Arns = {
  readonly format: (resource: Resource) => string
  /** An ARN of another account, region or partition is a problem, whatever it names. */
  readonly parse: (text: string) => ArnReading
}

const ARN = /^arn:([^:]*):iot:([^:]*):([^:]*):([a-z]+)\/([^/]+)$/

/** Makes the ARNs of a deployment. */
export function createArns({ partition, region, accountId }: Deployment): Arns {
  const prefix = `arn:${partition}:iot:${region}:${accountId}:`
  return {
    format: (resource) => prefix + pathOf(resource),
    parse: (text) => {
      const [, ofPartition, ofRegion, ofAccount, type = '', name = ''] = ARN.exec(text) ?? []
      if (ofPartition === undefined) return problem('The given ARN is not valid')
      const own = ofPartition === partition && ofRegion === region && ofAccount === accountId
      if (!own) return problem('The given ARN belongs to another account or region')
      const resource = parseResource(type, name)
      return resource === undefined ? problem('The given ARN is not valid') : { ok: true, resource }
    },
  }
}

function problem(text: string): ArnReading {
  return { ok: false, problem: text }
}

function pathOf(resource: Resource): string {
  switch (resource.kind) {
    case 'certificate':
      return `cert/${resource.certificateId}`
    case 'ca-certificate':
      return `cacert/${resource.caCertificateId}`
    case 'policy':
      return `policy/${resource.policyName}`
    case 'role-alias':
      return `rolealias/${resource.roleAlias}`
    case 'thing':
      return `thing/${resource.thingName}`
    case 'thing-group':
      return `thinggroup/${resource.groupName}`
    case 'thing-type':
      return `thingtype/${resource.thingTypeName}`
  }
}

type ResourceParser = (name: string) => Resource | undefined

const PARSERS: ReadonlyMap<string, ResourceParser> = new Map<string, ResourceParser>([
  [
    'cert',
    (name) =>
      made(parseCertificateId(name), (certificateId) => ({ kind: 'certificate', certificateId })),
  ],
  [
    'cacert',
    (name) =>
      made(parseCaCertificateId(name), (caCertificateId) => ({
        kind: 'ca-certificate',
        caCertificateId,
      })),
  ],
  [
    'policy',
    (name) => made(parsePolicyName(name), (policyName) => ({ kind: 'policy', policyName })),
  ],
  [
    'rolealias',
    (name) => made(parseRoleAlias(name), (roleAlias) => ({ kind: 'role-alias', roleAlias })),
  ],
  ['thing', (name) => made(parseThingName(name), (thingName) => ({ kind: 'thing', thingName }))],
  [
    'thinggroup',
    (name) => made(parseThingGroupName(name), (groupName) => ({ kind: 'thing-group', groupName })),
  ],
  [
    'thingtype',
    (name) =>
      made(parseThingTypeName(name), (thingTypeName) => ({ kind: 'thing-type', thingTypeName })),
  ],
])

function parseResource(type: string, name: string): Resource | undefined {
  return PARSERS.get(type)?.(name)
}

function made<Name>(name: Name | undefined, make: (name: Name) => Resource): Resource | undefined {
  return name === undefined ? undefined : make(name)
}
