import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type RoleEntry, writeRolesFile } from '@thingpass/local/sts/roles-file'

/** Account of a local stack that is not told another one. */
const ACCOUNT = '123456789012'

/** Role that the tenants of a local fleet name. */
export const LOCAL_ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/thingpass-load`

/**
 * Makes the change of a local stack's roles file by which the fleet's role trusts the broker for one more tenant. The stack
 * reads the file again when it has changed.
 */
export function createTrustTenant(
  dataDir: string,
): (tenantId: string, externalId: string) => Promise<void> {
  const path = join(dataDir, 'roles.json')
  const externalIds: string[] = []
  return async (_, externalId) => {
    if (!externalIds.includes(externalId)) externalIds.push(externalId)
    const entries: readonly RoleEntry[] = JSON.parse(await readFile(path, 'utf8'))
    const others = entries.filter(({ arn }) => arn !== LOCAL_ROLE_ARN)
    await writeRolesFile(path, [...others, roleOf(externalIds)])
  }
}

function roleOf(externalIds: readonly string[]): RoleEntry {
  return {
    arn: LOCAL_ROLE_ARN,
    trustPolicy: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/thingpass-credentials` },
          Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
          Condition: { StringEquals: { 'sts:ExternalId': externalIds } },
        },
      ],
    },
    policies: [
      {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::thingpass-load/*' },
        ],
      },
    ],
    passableBy: [`arn:aws:iam::${ACCOUNT}:user/default`],
  }
}
