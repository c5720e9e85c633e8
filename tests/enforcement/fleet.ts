import type { DemoTenant } from '@thingpass/local/demo-fleet/fleet'
import { ROLE_ARN, ROLE_NAME } from './object-gateway.ts'

/** Bucket that the fleet's objects lie in, each device's under `<site>/<thing>/`. */
export const BUCKET = 'fleet'

/** For Thingpass to fill in, not for JavaScript. */
const OWN_FOLDER = `\${iot:Connection.Thing.Attributes[site]}/\${credentials-iot:ThingName}/`

/** The session policies of the fleet, by name. */
export const SESSION_POLICIES = {
  'own-objects': session({
    Action: ['s3:GetObject', 's3:PutObject'],
    Resource: `arn:aws:s3:::${BUCKET}/${OWN_FOLDER}*`,
  }),
  'own-listing': session({
    Action: 's3:ListBucket',
    Resource: `arn:aws:s3:::${BUCKET}`,
    Condition: { StringEquals: { 's3:prefix': OWN_FOLDER } },
  }),
} as const

/** Which session policies are attached to which role alias. */
export const ATTACHED = {
  objects: ['own-objects', 'own-listing'],
  'put-back': ['own-objects'],
} as const satisfies Readonly<Record<string, readonly (keyof typeof SESSION_POLICIES)[]>>

const ALIASES = [...Object.keys(ATTACHED), 'never-scoped']

/** A fleet of pumps at sites. All of its role aliases name the one role that reaches everything. */
export const FLEET: DemoTenant = {
  tenantId: 'default',
  roleArnPatterns: [ROLE_ARN],
  apiArnPatterns: [],
  sessionTagKeys: [],
  certificatesWithoutCa: false,
  thingTypes: ['pump'],
  groups: {},
  policies: {
    'any-alias': session({
      Action: 'iot:AssumeRoleWithCertificate',
      Resource: 'arn:aws:iot:us-east-1:123456789012:rolealias/*',
    }),
    ...SESSION_POLICIES,
  },
  roleAliases: Object.fromEntries(
    ALIASES.map((alias) => [alias, { roleName: ROLE_NAME, durationSeconds: 900 }]),
  ),
  roles: [],
  things: [
    pump('pump-1', { site: 'north' }),
    pump('pump-2', { site: 'north' }),
    pump('pump-3', { site: 'south' }),
    pump('pump-homeless', {}),
    pump('pump-nested', { site: 'north/pump-1' }),
  ],
}

function session(allowed: object): object {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...allowed }] }
}

function pump(thingName: string, attributes: Readonly<Record<string, string>>) {
  return { thingName, thingTypeName: 'pump', attributes, policies: ['any-alias'], groups: [] }
}
