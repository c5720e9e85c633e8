import type { SessionRequest } from '@thingpass/core/ports'

/** What STS's answer says of the credentials; nothing of it is checked yet. */
export type AnsweredCredentials = {
  readonly AccessKeyId?: unknown
  readonly SecretAccessKey?: unknown
  readonly SessionToken?: unknown
  readonly Expiration?: unknown
}

/** Whose the credentials are, as STS's answer says; nothing of it is checked yet. */
export type AnsweredUser = {
  readonly Arn?: unknown
  readonly AssumedRoleId?: unknown
}

/** The parts of STS's answer that are looked at. */
export type AnsweredSession = {
  readonly Credentials?: AnsweredCredentials | undefined
  readonly AssumedRoleUser?: AnsweredUser | undefined
}

/** Asks STS for a session. A call that fails is thrown as service or network gave it; `stsRefusal` and `stsFault` read it. */
export type AssumeRole = (session: SessionRequest, signal: AbortSignal) => Promise<AnsweredSession>
