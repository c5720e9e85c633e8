import { withLoadBalancer } from './load-balancer-setting.ts'
import type { Edit } from './mutated-copy.ts'
import { AUTHORIZER_MISTAKES } from './mutations-authorizer.ts'
import { CA_KEY_MISTAKES } from './mutations-ca-keys.ts'
import { DEVICES_MISTAKES } from './mutations-devices.ts'
import { LOAD_BALANCER_MISTAKES } from './mutations-load-balancer.ts'
import { PERMISSIONS_MISTAKES } from './mutations-permissions.ts'
import { STATE_MISTAKES } from './mutations-state.ts'
import { WATCH_MISTAKES } from './mutations-watch.ts'

/** Where a change is tried: in production by default. */
type Where = {
  readonly stage?: 'dev'
  /** Changes that are no mistake and come first. */
  readonly before?: readonly Edit[]
}

/** A mistake in one file of the program, and the property that says so. */
export type Mistake = Edit &
  Where & {
    /** Whose name begins with this. */
    readonly breaks: string
  }

/** Mistakes by what they are. */
export type Mistakes = Readonly<Record<string, Mistake>>

/** Mistakes that somebody could make. Each must break the property it names; the table grows with the program. */
export const MISTAKES: Mistakes = {
  ...DEVICES_MISTAKES,
  ...AUTHORIZER_MISTAKES,
  ...PERMISSIONS_MISTAKES,
  ...STATE_MISTAKES,
  ...WATCH_MISTAKES,
  ...CA_KEY_MISTAKES,
  ...Object.fromEntries(
    Object.entries(LOAD_BALANCER_MISTAKES).map(([id, mistake]) => [
      id,
      { before: [withLoadBalancer()], ...mistake },
    ]),
  ),
}

/** Changes that the program itself refuses, and what it says. */
export const REFUSED: Readonly<Record<string, Edit & Where & { readonly says: string }>> = {
  'a function with the role that SST makes': {
    file: 'infra/control.ts',
    from: 'role: controlRole.arn,',
    to: '',
    says: 'function Control has no role of its own',
  },
  'a table that is linked to a function': {
    file: 'infra/control.ts',
    from: 'role: controlRole.arn,',
    to: 'role: controlRole.arn,\n  link: [registry],',
    says: 'function Control has link',
  },
  'a function with a URL': {
    file: 'infra/credentials.ts',
    from: 'role: credentialsRole.arn,',
    to: 'role: credentialsRole.arn,\n  url: true,',
    says: 'function Credentials has url',
  },
  'all roles of the account as assumable': {
    file: 'infra/settings.ts',
    from: "assumableRoles: ['/thingpass/']",
    to: "assumableRoles: ['/*']",
    says: 'assumableRoles: /* is neither path nor role ARN',
  },
  'a load balancer that nobody acknowledged': {
    ...withLoadBalancer({ acknowledge: true }),
    says: 'loadBalancer.acknowledge: say "I accept that nobody has verified',
  },
  'a load balancer acknowledged in other words': {
    ...withLoadBalancer({ acknowledge: 'I accept' }),
    says: 'loadBalancer.acknowledge: say "I accept that nobody has verified',
  },
  'a load balancer in one subnet': {
    ...withLoadBalancer({ subnetIds: ['subnet-1', 'subnet-1'] }),
    says: 'loadBalancer.subnetIds: a load balancer needs two subnets',
  },
  'a load balancer with a certificate of another region': {
    ...withLoadBalancer({ certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/one' }),
    says: 'loadBalancer.certificateArn: not a certificate of eu-central-1',
  },
  'an attribute that no thing has': {
    file: 'infra/settings.ts',
    from: "authorizer: { format: 'simple', attributes: [] }",
    to: "authorizer: { format: 'simple', attributes: ['site floor'] }",
    says: 'authorizer.attributes: site floor names no attribute',
  },
}
