import type { STSClient } from '@aws-sdk/client-sts'
import { type Credentials, createCredentials } from '@thingpass/core/credentials'
import { Fault } from '@thingpass/core/fault'
import type { Clock, IssueCredentials, IssueOutcome } from '@thingpass/core/ports'
import { beforeDeadline } from '../deadline.ts'
import type { AnsweredSession, AssumeRole } from './assume-role.ts'
import { isUserOfSession } from './assumed-role-user.ts'
import { sdkAssumeRole } from './sdk-assume-role.ts'
import { stsFault, stsRefusal } from './sts-faults.ts'

/** Source: STS API model (accessKeyIdType). */
const ACCESS_KEY_ID = /^\w{16,128}$/

/** Makes the issuer that asks STS through AWS's SDK. */
export function createStsIssuer({
  client,
  clock,
}: {
  readonly client: STSClient
  readonly clock: Clock
}): IssueCredentials {
  return createIssuer({ assumeRole: sdkAssumeRole(client), clock })
}

/** Makes the issuer that asks STS by AssumeRole. */
export function createIssuer({
  assumeRole,
  clock,
}: {
  readonly assumeRole: AssumeRole
  readonly clock: Clock
}): IssueCredentials {
  return async (request, deadline) => {
    try {
      const answer = await beforeDeadline({ deadline, clock }, (signal) =>
        assumeRole(request, signal),
      )
      const credentials = readCredentials(answer, clock())
      // Behind the other checks: these say what is missing. Credentials of another session go to nobody.
      if (!isUserOfSession(request, answer.AssumedRoleUser)) throw ofAnotherSession()
      return { issued: true, credentials }
    } catch (thrown) {
      return refusedOrFault(thrown)
    }
  }
}

/**
 * Takes STS's answer only when it is whole: no half set of credentials, none that has expired.
 * @throws {Fault} STS_UNREADABLE
 */
function readCredentials(answer: AnsweredSession, now: Date): Credentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {}
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

function ofAnotherSession(): Fault {
  return new Fault('STS_UNREADABLE', 'AssumeRole answered for another session than was asked for')
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
