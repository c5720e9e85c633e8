import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRolePolicyCommand,
  IAMClient,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from '@aws-sdk/client-iam'
import type { RolePolicyCalls } from './iam-policies.ts'
import { needed } from './iot-source.ts'

/** Reads IAM with the same AWS credentials as the account that is imported. */
export function createIamCalls(options: {
  readonly region?: string
  readonly profile?: string
  /** In place of IAM's own. */
  readonly endpoint?: string
  /** In place of those that the AWS CLI would take. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
}): RolePolicyCalls {
  const client = new IAMClient(options)
  return {
    listInline: async (RoleName) => {
      const names: string[] = []
      for await (const page of paginateListRolePolicies({ client }, { RoleName })) {
        names.push(...(page.PolicyNames ?? []))
      }
      return names
    },
    readInline: async (RoleName, PolicyName) => {
      const command = new GetRolePolicyCommand({ RoleName, PolicyName })
      return decode((await client.send(command)).PolicyDocument)
    },
    listManaged: async (RoleName) => {
      const arns: string[] = []
      for await (const page of paginateListAttachedRolePolicies({ client }, { RoleName })) {
        arns.push(...(page.AttachedPolicies ?? []).flatMap(({ PolicyArn }) => PolicyArn ?? []))
      }
      return arns
    },
    readManaged: async (PolicyArn) => {
      const { Policy } = await client.send(new GetPolicyCommand({ PolicyArn }))
      const VersionId = needed(Policy?.DefaultVersionId, 'DefaultVersionId')
      const command = new GetPolicyVersionCommand({ PolicyArn, VersionId })
      return decode((await client.send(command)).PolicyVersion?.Document)
    },
  }
}

/** IAM answers with documents that are percent-encoded. Source: IAM API reference, GetRolePolicy. */
function decode(document: string | undefined): string {
  return decodeURIComponent(needed(document, 'policy document'))
}
