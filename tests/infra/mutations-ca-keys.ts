import type { Edit } from './mutated-copy.ts'
import type { Mistakes } from './mutations.ts'

/** Lets a deployment sign for two tenants. */
export const SIGNING: Edit = {
  file: 'infra/settings.ts',
  from: 'signingTenants: []',
  to: "signingTenants: ['default', 'acme']",
}

const file = 'infra/ca-keys.ts'
const before = [SIGNING]

/** Mistakes about the keys that sign for tenants. */
export const CA_KEY_MISTAKES: Mistakes = {
  'tenants share a key': {
    before,
    file,
    from: '`CaKey-${tenantId}`',
    to: "`CaKey-${tenantId === 'acme' ? 'one' : tenantId}`",
    breaks: 'a tenant that is signed for has a key of its own',
  },
  'the control function signs anything': {
    before,
    file: 'infra/control.ts',
    from: "Condition: { StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' } },",
    to: '',
    breaks: 'the control function alone may sign',
  },
  'the control function signs with every key of the account': {
    before,
    file: 'infra/control.ts',
    from: "Action: ['kms:Sign'],\n          Resource: caKeys.map((key) => key.arn),",
    to: "Action: ['kms:Sign'],\n          Resource: 'arn:aws:kms:eu-central-1:123456789012:key/*',",
    breaks: 'the control function alone may sign',
  },
  'keys have the policy that KMS makes': {
    before,
    file,
    from: '      policy: keyPolicy,\n',
    to: "      policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: root, Action: 'kms:*', Resource: '*' }] }),\n",
    breaks: "a key's policy lets the account administer",
  },
  'every principal of the account may sign': {
    before,
    file,
    from: "      Condition: { ArnEquals: { 'aws:PrincipalArn': functionRoleArn('control') } },\n",
    to: '',
    breaks: "a key's policy lets the account administer",
  },
  'administrators may hand out the right to sign': {
    before,
    file,
    from: "  'kms:CreateAlias',\n",
    to: "  'kms:CreateAlias',\n  'kms:CreateGrant',\n",
    breaks: "a key's policy lets the account administer",
  },
  'keys go with a production deployment': {
    before,
    file,
    from: '{ retainOnDelete: isProduction }',
    to: '{}',
    breaks: 'keys outlive a production deployment',
  },
}
