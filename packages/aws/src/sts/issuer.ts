import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  type STSClient,
  type Credentials as StsCredentials,
} from '@aws-sdk/client-sts'
import { type Credentials, createCredentials } from '@thingpass/core/credentials'
import { Fault } from '@thingpass/core/fault'
import type { Clock, IssueCredentials, IssueOutcome, SessionRequest } from '@thingpass/core/ports'
import { beforeDeadline } from '../deadline.ts'
import { stsFault, stsRefusal } from './sts-faults.ts'

/** Source: STS API model (accessKeyIdType). */
const ACCESS_KEY_ID = /^\w{16,128}$/

/** Makes the issuer that asks STS by AssumeRole, with the client's own credentials as the broker's. */
export function createStsIssuer(dependencies: {
  readonly client: STSClient
  readonly clock: Clock
}): IssueCredentials {
  const { client, clock } = dependencies
  return async (request, deadline) => {
    const command = new AssumeRoleCommand(assumeRoleInput(request))
    try {
      const answer = await beforeDeadline({ deadline, clock }, (abortSignal) =>
        client.send(command, { abortSignal }),
      )
      return { issued: true, credentials: readCredentials(answer.Credentials, clock()) }
    } catch (thrown) {
      return refusedOrFault(thrown)
    }
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

/**
 * Takes STS's answer only when it is whole: no half set of credentials, none that has expired.
 * @throws {Fault} STS_UNREADABLE
 */
function readCredentials(answer: Partial<StsCredentials> | undefined, now: Date): Credentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer ?? {}
  const accessKeyId = matching(AccessKeyId, ACCESS_KEY_ID)
  const secretAccessKey = matching(SecretAccessKey, /./)
  const sessionToken = matching(SessionToken, /./)
  const expiration = future(Expiration, now)
  const missing = Object.entries({ accessKeyId, secretAccessKey, sessionToken, expiration })
    .filter(([, part]) => part === undefined)
    .map(([name]) => name)
  if (
    accessKeyId === undefined ||
    secretAccessKey === undefined ||
    sessionToken === undefined ||
    expiration === undefined
  ) {
    throw new Fault('STS_UNREADABLE', `AssumeRole answered without valid ${missing.join(', ')}`)
  }
  return createCredentials({ accessKeyId, secretAccessKey, sessionToken, expiration })
}

function matching(value: unknown, pattern: RegExp): string | undefined {
  return typeof value === 'string' && pattern.test(value) ? value : undefined
}

/** The instant itself when it lies after `now`; an invalid date does not. */
function future(value: unknown, now: Date): Date | undefined {
  return value instanceof Date && value > now ? value : undefined
}

/** @throws {Fault} when the failure is ours and not the role's */
function refusedOrFault(thrown: unknown): IssueOutcome {
  const reason = stsRefusal(thrown)
  if (reason === undefined) throw stsFault(thrown)
  return { issued: false, reason }
}
