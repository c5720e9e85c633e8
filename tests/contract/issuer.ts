import { inspect } from 'node:util'
import { parseRoleArn } from '@thingpass/core/names'
import type { IssueCredentials, SessionRequest } from '@thingpass/core/ports'
import type { FakeRole } from '@thingpass/core/testing/fake-issuer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const EXTERNAL_ID = 'external-id-of-the-tenant'

/** The roles that an issuer under test knows; they trust the broker, with the external id. */
export const CONTRACT_ROLES = [
  {
    roleArn: 'arn:aws:iam::123456789012:role/sensor',
    externalId: EXTERNAL_ID,
    maxSessionSeconds: 3600,
  },
  {
    roleArn: 'arn:aws:iam::123456789012:role/fleet/patient',
    externalId: EXTERNAL_ID,
    maxSessionSeconds: 43_200,
  },
] as const satisfies readonly FakeRole[]

/** An issuer under test. */
export type IssuerUnderTest = {
  readonly issue: IssueCredentials
  readonly now: () => Date
  /** Whether the broker is itself a role's session, so that no session may be longer than an hour. */
  readonly chained?: true
  readonly stop: () => Promise<void>
}

const roleArn = (text: string) => parseRoleArn(text)!

const SESSION: SessionRequest = {
  roleArn: roleArn(CONTRACT_ROLES[0].roleArn),
  sessionName: 'ab'.repeat(32),
  durationSeconds: 900,
  externalId: EXTERNAL_ID,
  tags: [],
  transitiveTagKeys: [],
}

const RICH_SESSION: SessionRequest = {
  ...SESSION,
  tags: [
    { key: 'thingpass:TenantId', value: 'acme' },
    { key: 'credentials-iot:ThingName', value: 'pump/1 + ä=@' },
    { key: 'site', value: '' },
  ],
  transitiveTagKeys: ['thingpass:TenantId', 'site'],
  sourceIdentity: 'cd'.repeat(32),
  policy: JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::b/\${*}&<>ä"\\` },
  }),
}

/** What every issuer does, the fake as well as the real one. */
export function describeIssuer(name: string, start: () => Promise<IssuerUnderTest>): void {
  describe(name, () => {
    let issuer: IssuerUnderTest
    const deadline = () => new Date(issuer.now().getTime() + 3000)
    const issue = (change: Partial<SessionRequest> = {}) =>
      issuer.issue({ ...SESSION, ...change }, deadline())

    beforeAll(async () => {
      issuer = await start()
    })
    afterAll(() => issuer.stop())

    test('issues credentials that last as long as was asked', async () => {
      const asked = issuer.now().getTime()
      const outcome = await issue({ durationSeconds: 1800 })
      if (!outcome.issued) throw new Error('not issued')
      const { accessKeyId, secretAccessKey, sessionToken, expiration } = outcome.credentials
      expect(accessKeyId).toMatch(/^ASIA[A-Z0-9]{16}$/)
      expect(secretAccessKey).not.toBe('')
      expect(sessionToken).not.toBe('')
      const seconds = (expiration.getTime() - asked) / 1000
      expect(seconds).toBeGreaterThan(1798)
      expect(seconds).toBeLessThan(1803)
    })

    test('issues other credentials to each request', async () => {
      const outcomes = [await issue(), await issue()]
      const keys = outcomes.map((each) => each.issued && each.credentials.accessKeyId)
      expect(new Set(keys).size).toBe(2)
    })

    test('shows no secret of the credentials when they are printed', async () => {
      const outcome = await issue()
      if (!outcome.issued) throw new Error('not issued')
      const { secretAccessKey, sessionToken } = outcome.credentials
      for (const shown of [JSON.stringify(outcome), inspect(outcome, { depth: 9 })]) {
        expect(shown).not.toContain(secretAccessKey)
        expect(shown).not.toContain(sessionToken)
      }
    })

    test('refuses a role that does not exist', async () => {
      const missing = roleArn('arn:aws:iam::123456789012:role/missing')
      await expect(issue({ roleArn: missing })).resolves.toEqual({
        issued: false,
        reason: 'role-not-assumable',
      })
    })

    test('refuses a role whose trust asks for another external id', async () => {
      await expect(issue({ externalId: 'external-id-of-another' })).resolves.toEqual({
        issued: false,
        reason: 'role-not-assumable',
      })
    })

    test('refuses a duration over the maximum of the role', async () => {
      await expect(issue({ durationSeconds: 3601 })).resolves.toEqual({
        issued: false,
        reason: 'duration-over-role-maximum',
      })
    })

    test('issues for the very maximum of the role', async () => {
      await expect(issue({ durationSeconds: 3600 })).resolves.toMatchObject({ issued: true })
    })

    test('issues for more than an hour only to a broker that is not a session itself', async () => {
      const patient = roleArn(CONTRACT_ROLES[1].roleArn)
      await expect(issue({ roleArn: patient, durationSeconds: 7200 })).resolves.toMatchObject(
        issuer.chained ? { issued: false, reason: 'duration-over-role-maximum' } : { issued: true },
      )
    })

    test('fails on a session policy that is malformed', async () => {
      await expect(issue({ policy: '{"Version":' })).rejects.toMatchObject({
        code: 'STS_REQUEST_REFUSED',
      })
    })

    test('fails once the deadline has come', async () => {
      await expect(issuer.issue(SESSION, issuer.now())).rejects.toMatchObject({
        code: 'STS_TIMEOUT',
      })
    })
  })
}

/** An issuer under test that shows what reaches the far side. */
export type TransparentIssuer = IssuerUnderTest & {
  /** Oldest first. */
  readonly received: () => readonly SessionRequest[]
}

/** What every issuer sends. */
export function describeSentSessions(name: string, start: () => Promise<TransparentIssuer>): void {
  describe(name, () => {
    let issuer: TransparentIssuer
    const sent = async (session: SessionRequest) => {
      await issuer.issue(session, new Date(issuer.now().getTime() + 3000))
      return issuer.received().at(-1)
    }

    beforeAll(async () => {
      issuer = await start()
    })
    afterAll(() => issuer.stop())

    test('passes every part of the session on as it is', async () => {
      await expect(sent(RICH_SESSION)).resolves.toEqual(RICH_SESSION)
    })

    test('passes on nothing that the session does not have', async () => {
      await expect(sent(SESSION)).resolves.toEqual(SESSION)
    })

    test('asks nothing once the deadline has come', async () => {
      const before = issuer.received().length
      await expect(issuer.issue(SESSION, issuer.now())).rejects.toThrow()
      expect(issuer.received()).toHaveLength(before)
    })
  })
}
