import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { parseRoleArn } from '@thingpass/core/names'
import type { SessionRequest, SessionTag } from '@thingpass/core/ports'
import type { FakeRole } from '@thingpass/core/testing/fake-issuer'

/** A few words of STS's query protocol, on loopback: enough to see what an issuer sends and how it reads what comes back. */
export type StsStub = {
  readonly endpoint: string
  readonly received: readonly SessionRequest[]
  readonly stop: () => Promise<void>
}

type Answer = { readonly status: number; readonly body: string }

/** Starts a stub that knows `roles`. */
export async function startStsStub(roles: readonly FakeRole[]): Promise<StsStub> {
  const received: SessionRequest[] = []
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const session = sessionOf(new URLSearchParams(await text(request)))
    received.push(session)
    return assumeRole(roles, session, received.length)
  }
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(request)
    response.writeHead(status, { 'content-type': 'text/xml', 'x-amzn-requestid': 'stub' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function assumeRole(roles: readonly FakeRole[], session: SessionRequest, serial: number): Answer {
  if (session.policy !== undefined && !isJson(session.policy)) {
    return failure(400, 'MalformedPolicyDocument', 'The policy is not valid JSON.')
  }
  const role = roles.find(({ roleArn }) => roleArn === session.roleArn)
  if (role?.externalId !== session.externalId) {
    return failure(403, 'AccessDenied', 'User is not authorized to perform: sts:AssumeRole')
  }
  if (session.durationSeconds > role.maxSessionSeconds) {
    const message =
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'
    return failure(400, 'ValidationError', message)
  }
  return success(session, serial)
}

function success(session: SessionRequest, serial: number): Answer {
  const { roleArn, sessionName, durationSeconds } = session
  const [account, role] = [roleArn.split(':')[4], roleArn.split('/').at(-1)]
  const expiration = new Date(Date.now() + durationSeconds * 1000)
  const body = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIASTUB${String(serial).padStart(12, '0')}</AccessKeyId>
<SecretAccessKey>stub-secret-${serial}</SecretAccessKey>
<SessionToken>stub-token-${serial}</SessionToken>
<Expiration>${expiration.toISOString().slice(0, 19)}Z</Expiration>
</Credentials><AssumedRoleUser>
<Arn>arn:aws:sts::${account}:assumed-role/${role}/${sessionName}</Arn>
<AssumedRoleId>AROASTUB:${sessionName}</AssumedRoleId>
</AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>`
  return { status: 200, body }
}

function failure(status: number, code: string, message: string): Answer {
  const body = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>stub</RequestId></ErrorResponse>`
  return { status, body }
}

/** The form as the session that it asks for. A list is absent where the form has none of its members. */
function sessionOf(form: URLSearchParams): SessionRequest {
  const sourceIdentity = form.get('SourceIdentity')
  const policy = form.get('Policy')
  return {
    roleArn: parseRoleArn(form.get('RoleArn'))!,
    sessionName: form.get('RoleSessionName')!,
    durationSeconds: Number(form.get('DurationSeconds')),
    externalId: form.get('ExternalId')!,
    tags: tagsOf(form),
    transitiveTagKeys: members(form, (index) => form.get(`TransitiveTagKeys.member.${index}`)),
    ...(sourceIdentity !== null && { sourceIdentity }),
    ...(policy !== null && { policy }),
  }
}

function tagsOf(form: URLSearchParams): readonly SessionTag[] {
  return members(form, (index) => {
    const key = form.get(`Tags.member.${index}.Key`)
    return key === null ? null : { key, value: form.get(`Tags.member.${index}.Value`)! }
  })
}

function members<Value>(form: URLSearchParams, at: (index: number) => Value | null): Value[] {
  return [...form.keys()].map((_, index) => at(index + 1)).filter((value) => value !== null)
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value)
    return true
  } catch {
    return false
  }
}
