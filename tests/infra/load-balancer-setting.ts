import type { Edit } from './mutated-copy.ts'

/** The words that somebody must write to open the second front door, written out once more. */
export const ACKNOWLEDGED =
  'I accept that nobody has verified that the load balancer removes a client-sent X-Amzn-Mtls-Clientcert'

/** Sets a load balancer for every stage; `changed` are members of the setting. */
export function withLoadBalancer(changed: Readonly<Record<string, unknown>> = {}): Edit {
  const setting = {
    acknowledge: ACKNOWLEDGED,
    certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/one',
    vpcId: 'vpc-1',
    subnetIds: ['subnet-1', 'subnet-2'],
    ...changed,
  }
  const last = '  stsQuotaPerSecond: 600,\n'
  return {
    file: 'infra/settings.ts',
    from: last,
    to: `${last}  loadBalancer: ${JSON.stringify(setting)} as never,\n`,
  }
}
