import { AssumeRoleCommand, type AssumeRoleCommandInput, type STSClient } from '@aws-sdk/client-sts'
import type { SessionRequest } from '@thingpass/core/ports'
import type { AssumeRole } from './assume-role.ts'

/** Makes AssumeRole through AWS's SDK, with the client's own credentials as the broker's. */
export function sdkAssumeRole(client: STSClient): AssumeRole {
  return async (session, abortSignal) => {
    const command = new AssumeRoleCommand(assumeRoleInput(session))
    const { Credentials, AssumedRoleUser } = await client.send(command, { abortSignal })
    return { Credentials, AssumedRoleUser }
  }
}

/** The request as STS takes it. What the session does not have is left out: empty lists and texts mean something else. */
function assumeRoleInput(request: SessionRequest): AssumeRoleCommandInput {
  const { tags, transitiveTagKeys, sourceIdentity, policy } = request
  return {
    RoleArn: request.roleArn,
    RoleSessionName: request.sessionName,
    DurationSeconds: request.durationSeconds,
    ExternalId: request.externalId,
    ...(tags.length > 0 && { Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })) }),
    ...(transitiveTagKeys.length > 0 && { TransitiveTagKeys: [...transitiveTagKeys] }),
    ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }),
    ...(policy !== undefined && { Policy: policy }),
  }
}
