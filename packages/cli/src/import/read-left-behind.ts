import {
  ListAuthorizersCommand,
  ListBillingGroupsCommand,
  ListJobsCommand,
  ListOutgoingCertificatesCommand,
  ListProvisioningTemplatesCommand,
  ListTopicRulesCommand,
} from '@aws-sdk/client-iot'
import type { Finding } from './finding.ts'
import { gather, type Listing } from './fleet-reader.ts'
import type { IotSource } from './iot-source.ts'
import { describeRefusal, isHopeless } from './service-refusal.ts'

type LeftBehind = {
  readonly what: string
  readonly why: string
  readonly list: (token: string | undefined) => Promise<Listing<string | undefined>>
}

/** Lists what an AWS account has and this service does not know, or says that it could not be listed. */
export async function readLeftBehind(source: IotSource): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const { what, why, list } of leftBehind(source)) {
    const told = { kind: 'left-out', collection: 'account' } as const
    try {
      for (const name of await gather(list)) {
        findings.push({ ...told, name: `${what} ${name ?? ''}`.trim(), reason: why })
      }
    } catch (thrown) {
      if (isHopeless(thrown)) throw thrown
      const reason = `could not be listed (${describeRefusal(thrown)}); not carried over in any case`
      findings.push({ ...told, name: `${what}s`, reason })
    }
  }
  return findings
}

function leftBehind({ client, call }: IotSource): readonly LeftBehind[] {
  return [
    {
      what: 'billing group',
      why: 'billing groups do not exist here',
      list: async (nextToken) => {
        const answer = await call(() => client.send(new ListBillingGroupsCommand({ nextToken })))
        const items = (answer.billingGroups ?? []).map(({ groupName }) => groupName)
        return { items, next: answer.nextToken }
      },
    },
    {
      what: 'provisioning template',
      why: 'devices are registered by an operator here: fleet provisioning needs MQTT',
      list: async (nextToken) => {
        const command = new ListProvisioningTemplatesCommand({ nextToken })
        const answer = await call(() => client.send(command))
        const items = (answer.templates ?? []).map(({ templateName }) => templateName)
        return { items, next: answer.nextToken }
      },
    },
    {
      what: 'job',
      why: 'jobs need MQTT, which stays with AWS IoT',
      list: async (nextToken) => {
        const answer = await call(() => client.send(new ListJobsCommand({ nextToken })))
        return { items: (answer.jobs ?? []).map(({ jobId }) => jobId), next: answer.nextToken }
      },
    },
    ...leftBehindByMarker({ client, call }),
  ]
}

function leftBehindByMarker({ client, call }: IotSource): readonly LeftBehind[] {
  return [
    {
      what: 'certificate transfer',
      why: 'finish or cancel it on AWS first',
      list: async (marker) => {
        const command = new ListOutgoingCertificatesCommand({ marker })
        const answer = await call(() => client.send(command))
        const items = (answer.outgoingCertificates ?? []).map(({ certificateId }) => certificateId)
        return { items, next: answer.nextMarker }
      },
    },
    {
      what: 'custom authorizer',
      why: 'devices show a certificate here, always',
      list: async (marker) => {
        const answer = await call(() => client.send(new ListAuthorizersCommand({ marker })))
        const items = (answer.authorizers ?? []).map(({ authorizerName }) => authorizerName)
        return { items, next: answer.nextMarker }
      },
    },
    {
      what: 'topic rule',
      why: 'messages stay with AWS IoT',
      list: async (nextToken) => {
        const answer = await call(() => client.send(new ListTopicRulesCommand({ nextToken })))
        const items = (answer.rules ?? []).map(({ ruleName }) => ruleName)
        return { items, next: answer.nextToken }
      },
    },
  ]
}
