import type { SessionRequest } from '@thingpass/core/ports'
import { STS_LIMITS } from '../call-limits.ts'
import type { AnsweredSession, AssumeRole } from '../sts/assume-role.ts'
import { isUserOfSession } from '../sts/assumed-role-user.ts'
import { createSignedCall, type LeanOptions } from './signed-call.ts'
import type { WireAnswer } from './wire-answer.ts'
import { serviceError, unreadableAnswer } from './wire-failure.ts'
import { readXml, textAt, type XmlElement } from './xml.ts'

/** A set of credentials takes a few KB, its token most of it. */
const LARGEST_ANSWER_BYTES = 64 * 1024

const VERSION = '2011-06-15'

/** Makes AssumeRole over Node's own HTTP client, in STS's query protocol. */
export function leanAssumeRole(options: LeanOptions): AssumeRole & { readonly close: () => void } {
  const { limits = STS_LIMITS } = options
  const call = { service: 'sts', limits, largestAnswerBytes: LARGEST_ANSWER_BYTES } as const
  const { send, close } = createSignedCall(options, call)
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const assumeRole: AssumeRole = (session, signal) =>
    send({ headers, body: formOf(session) }, signal, (answer) => readAssumeRole(answer, session))
  return Object.assign(assumeRole, { close })
}

/**
 * The form of a session. What it does not have is left out: empty lists and texts mean something else.
 * @throws {URIError} for half a surrogate pair, which has no UTF-8
 */
function formOf(session: SessionRequest): string {
  const { tags, transitiveTagKeys, sourceIdentity, policy } = session
  const parameters: readonly (readonly [string, string])[] = [
    ['Action', 'AssumeRole'],
    ['Version', VERSION],
    ['RoleArn', session.roleArn],
    ['RoleSessionName', session.sessionName],
    ['DurationSeconds', String(session.durationSeconds)],
    ['ExternalId', session.externalId],
    ...tags.flatMap(({ key, value }, index): [string, string][] => [
      [`Tags.member.${index + 1}.Key`, key],
      [`Tags.member.${index + 1}.Value`, value],
    ]),
    ...transitiveTagKeys.map((key, index): [string, string] => [
      `TransitiveTagKeys.member.${index + 1}`,
      key,
    ]),
    ...(sourceIdentity === undefined ? [] : [['SourceIdentity', sourceIdentity] as const]),
    ...(policy === undefined ? [] : [['Policy', policy] as const]),
  ]
  return parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
}

/** What is of another session is not given on, and the connection that it came over is closed. */
function readAssumeRole(answer: WireAnswer, session: SessionRequest): AnsweredSession {
  const root = readXml(answer.body.toString('utf8'))
  const succeeded = answer.status >= 200 && answer.status < 300
  if (!succeeded) throw errorOf(answer, root)
  if (root?.name !== 'AssumeRoleResponse') throw unreadableAnswer(answer)
  const read = (...path: readonly string[]) => textAt(root, 'AssumeRoleResult', ...path)
  const user = {
    Arn: read('AssumedRoleUser', 'Arn'),
    AssumedRoleId: read('AssumedRoleUser', 'AssumedRoleId'),
  }
  if (!isUserOfSession(session, user)) answer.closeConnection()
  return {
    Credentials: {
      AccessKeyId: read('Credentials', 'AccessKeyId'),
      SecretAccessKey: read('Credentials', 'SecretAccessKey'),
      SessionToken: read('Credentials', 'SessionToken'),
      Expiration: instantOf(read('Credentials', 'Expiration')),
    },
    AssumedRoleUser: user,
  }
}

function errorOf({ status, requestId }: WireAnswer, root: XmlElement | undefined): Error {
  const response = root?.name === 'ErrorResponse' ? root : undefined
  return serviceError({
    name: textAt(response, 'Error', 'Code') ?? 'Unknown',
    message: textAt(response, 'Error', 'Message') ?? '',
    status,
    requestId: requestId ?? textAt(response, 'RequestId'),
  })
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/

function instantOf(text: string | undefined): Date | undefined {
  return text !== undefined && INSTANT.test(text) ? new Date(text) : undefined
}
