import type { RoleEntry } from '../sts/roles-file.ts'
import type { DemoTenant, FleetPlace } from './fleet.ts'

/** Name of the role that the broker runs as. */
export const BROKER_ROLE_NAME = 'thingpass-credentials'

const MAX_SESSION_SECONDS = 3600

/**
 * The roles of a demo tenant, as `roles.json` holds them: they trust the broker, and only when it sends the tenant's external id.
 * `passableBy` lets the administrator and the tenant's own operator name them in role aliases.
 */
export function demoRoles(
  place: FleetPlace,
  tenant: DemoTenant,
  externalId: string,
): readonly RoleEntry[] {
  const { account } = place
  const operators = new Set(['default', tenant.tenantId])
  return tenant.roles.map(({ roleName, policies }) => ({
    arn: `arn:aws:iam::${account}:role/${roleName}`,
    trustPolicy: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${account}:role/${BROKER_ROLE_NAME}` },
          Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
          Condition: { StringEquals: { 'sts:ExternalId': externalId } },
        },
      ],
    },
    maxSessionDuration: MAX_SESSION_SECONDS,
    policies,
    passableBy: [...operators].map((profile) => `arn:aws:iam::${account}:user/${profile}`),
  }))
}

/** Puts roles in place of those of the same ARN, and leaves every other entry as it is. */
export function replaceRoles(
  entries: readonly RoleEntry[],
  roles: readonly RoleEntry[],
): readonly RoleEntry[] {
  const replaced = new Set(roles.map(({ arn }) => arn))
  return [...entries.filter(({ arn }) => !replaced.has(arn)), ...roles]
}
