import { createCredentials } from '../src/credentials.ts'
import { Fault } from '../src/fault.ts'
import type { Clock, IssueCredentials, SessionRequest } from '../src/ports.ts'

/** A role that the fake issuer knows. */
export type FakeRole = {
  readonly roleArn: string
  /** What the role's trust policy asks for. */
  readonly externalId: string
  readonly maxSessionSeconds: number
}

/** An issuer in memory: it knows roles, external ids and durations, keeps what it was asked, and fails on demand. */
export type FakeIssuer = {
  readonly issue: IssueCredentials
  /** Every request that reached it, oldest first. */
  readonly requests: readonly SessionRequest[]
  /** Makes the next call throw `fault` instead of answering. */
  readonly failNext: (fault: Fault) => void
}

/** Makes a fake issuer. */
export function createFakeIssuer(world: {
  readonly clock: Clock
  readonly roles: readonly FakeRole[]
}): FakeIssuer {
  const requests: SessionRequest[] = []
  const failures: Fault[] = []
  const issue: IssueCredentials = async (request, deadline) => {
    const now = world.clock()
    const inTime = now < deadline
    if (!inTime) throw new Fault('STS_TIMEOUT', 'the deadline has come')
    requests.push(request)
    const failure = failures.shift()
    if (failure !== undefined) throw failure
    checkPolicy(request.policy)
    const role = world.roles.find(({ roleArn }) => roleArn === request.roleArn)
    if (role?.externalId !== request.externalId) {
      return { issued: false, reason: 'role-not-assumable' }
    }
    if (!(request.durationSeconds <= role.maxSessionSeconds)) {
      return { issued: false, reason: 'duration-over-role-maximum' }
    }
    return { issued: true, credentials: fakeCredentials(requests.length, now, request) }
  }
  return { issue, requests, failNext: (fault) => failures.push(fault) }
}

function checkPolicy(policy: string | undefined): void {
  if (policy === undefined) return
  try {
    JSON.parse(policy)
  } catch {
    throw new Fault('STS_REQUEST_REFUSED', 'the session policy is malformed')
  }
}

function fakeCredentials(serial: number, now: Date, { durationSeconds }: SessionRequest) {
  return createCredentials({
    accessKeyId: `ASIAFAKE${String(serial).padStart(12, '0')}`,
    secretAccessKey: `fake-secret-${serial}`,
    sessionToken: `fake-token-${serial}`,
    expiration: new Date((Math.floor(now.getTime() / 1000) + durationSeconds) * 1000),
  })
}
