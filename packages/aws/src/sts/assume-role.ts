import type { SessionRequest } from '@thingpass/core/ports'

/** What STS's answer says of the credentials; nothing of it is checked yet. */
export type AnsweredCredentials = {
  readonly AccessKeyId?: unknown
  readonly SecretAccessKey?: unknown
  readonly SessionToken?: unknown
  readonly Expiration?: unknown
}

/** Asks STS for a session. A call that fails is thrown as service or network gave it; `stsRefusal` and `stsFault` read it. */
export type AssumeRole = (
  session: SessionRequest,
  signal: AbortSignal,
) => Promise<AnsweredCredentials | undefined>
