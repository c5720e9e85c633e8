/** Where ARNs of AWS IoT point: they carry these three. */
export type Place = {
  readonly partition: string
  readonly region: string
  readonly account: string
}

/** What a policy is attached to; `other` is what exists on AWS only, such as a Cognito identity, by its ARN or id. */
export type PolicyHolder = {
  readonly kind: 'certificate' | 'thing-group' | 'role-alias' | 'other'
  readonly name: string
}

/** What a thing is attached to; `other` is anything but a certificate. */
export type ThingPrincipal = {
  readonly kind: 'certificate' | 'other'
  readonly name: string
  readonly exclusive: boolean
}

/** Session settings of a role alias, as the control plane shows them; absent for one of AWS IoT. */
export type SessionSettings = Readonly<Record<string, unknown>>

type Tags = Readonly<Record<string, string>>
type Attributes = Readonly<Record<string, string>>

/**
 * One record of a fleet: what is read from AWS IoT or from a tenant, what a line of an export holds, and what an import writes.
 * Names are taken as they come; the control plane that they are written to judges them.
 */
export type FleetRecord =
  | {
      readonly kind: 'thing-type'
      readonly name: string
      readonly description?: string
      readonly searchableAttributes: readonly string[]
      readonly deprecated: boolean
      readonly tags: Tags
    }
  | {
      readonly kind: 'thing-group'
      readonly name: string
      readonly parent?: string
      readonly description?: string
      readonly attributes: Attributes
      /** The index query of a dynamic group. */
      readonly query?: string
      readonly tags: Tags
    }
  | {
      readonly kind: 'thing'
      readonly name: string
      readonly type?: string
      readonly attributes: Attributes
    }
  | { readonly kind: 'thing-group-member'; readonly group: string; readonly thing: string }
  | {
      readonly kind: 'ca'
      readonly id: string
      readonly pem: string
      readonly status: string
      readonly mode: string
      readonly autoRegistration: boolean
      /** Whether devices that register themselves are provisioned by a template. */
      readonly provisions: boolean
      readonly tags: Tags
    }
  | {
      readonly kind: 'certificate'
      readonly id: string
      readonly pem: string
      readonly status: string
      /** Absent where it was registered without CA, or issued by AWS. */
      readonly caId?: string
    }
  | {
      readonly kind: 'policy'
      readonly name: string
      /** Where its ARNs point; absent in a file, whose head says it. */
      readonly place?: Place
      /** Oldest first; one is the default. */
      readonly versions: readonly PolicyText[]
      readonly tags: Tags
    }
  | {
      readonly kind: 'role-alias'
      readonly name: string
      readonly roleArn: string
      readonly durationSeconds: number
      readonly profile?: SessionSettings
      readonly tags: Tags
    }
  | {
      readonly kind: 'policy-attachment'
      readonly policy: string
      readonly target: PolicyHolder
    }
  | {
      readonly kind: 'thing-principals'
      readonly thing: string
      readonly principals: readonly ThingPrincipal[]
    }

/** One version of a policy. */
export type PolicyText = { readonly document: string; readonly isDefault: boolean }

/** The record of one kind. */
export type RecordOf<Kind extends FleetRecord['kind']> = Extract<
  FleetRecord,
  { readonly kind: Kind }
>

/**
 * What a fleet consists of, in the order in which it can be written: whatever a record names stands before it. Policies are there
 * whole before one is attached, and certificates get them last but one.
 */
export const COLLECTIONS = [
  'thing-types',
  'thing-groups',
  'things',
  'thing-group-members',
  'cas',
  'certificates',
  'policies',
  'role-aliases',
  'policy-attachments',
  'thing-principals',
] as const

/** One part of a fleet. */
export type Collection = (typeof COLLECTIONS)[number]

/** The kind of the records of each part. */
export const KIND_OF = {
  'thing-types': 'thing-type',
  'thing-groups': 'thing-group',
  things: 'thing',
  'thing-group-members': 'thing-group-member',
  cas: 'ca',
  certificates: 'certificate',
  policies: 'policy',
  'role-aliases': 'role-alias',
  'policy-attachments': 'policy-attachment',
  'thing-principals': 'thing-principals',
} as const satisfies Record<Collection, FleetRecord['kind']>

/** What a record is called within its part; no two of a part are called the same. */
export function keyOf(record: FleetRecord): string {
  switch (record.kind) {
    case 'thing-group-member':
      return `${record.group} ${record.thing}`
    case 'ca':
    case 'certificate':
      return record.id
    case 'policy-attachment':
      return `${record.policy} ${record.target.kind} ${record.target.name}`
    case 'thing-principals':
      return record.thing
    default:
      return record.name
  }
}
