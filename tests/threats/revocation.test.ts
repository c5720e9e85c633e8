import {
  parseCertificateId,
  parsePolicyName,
  parseTenantId,
  parseThingName,
} from '@thingpass/core/names'
import { issueCertificate } from '@thingpass/x509/testing/certificates'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { done, given } from '../support/fleet.ts'
import { startThreatStage, type ThreatStage } from './stage.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }) // whole stacks, on machines that do other things, too

const tenantId = given(parseTenantId('acme'))
let stage: ThreatStage
beforeAll(async () => {
  stage = await startThreatStage()
})
afterAll(() => stage.close())

describe('T27: a process that has just given credentials gives none after', () => {
  type Taking = (certificateId: string, thing: string) => Promise<unknown>
  const takings: readonly (readonly [string, string, Taking])[] = [
    [
      'the certificate was deactivated',
      'certificate-not-active',
      (id) => stage.fleet('acme').setStatus(id, 'INACTIVE'),
    ],
    [
      'it was revoked',
      'certificate-not-active',
      (id) => stage.fleet('acme').setStatus(id, 'REVOKED'),
    ],
    [
      'the thing was detached',
      'thing-not-attached',
      (id, thing) =>
        done(
          stage.stack.registry.detachThing({
            tenantId,
            certificateId: given(parseCertificateId(id)),
            thingName: given(parseThingName(thing)),
          }),
        ),
    ],
    [
      'the policy was detached',
      'policy-does-not-allow',
      (id) =>
        done(
          stage.stack.registry.detachPolicy({
            tenantId,
            policyName: given(parsePolicyName('camera-credentials')),
            target: { kind: 'certificate', certificateId: given(parseCertificateId(id)) },
          }),
        ),
    ],
    [
      'the tenant was disabled',
      'tenant-disabled',
      () => stage.fleet('acme').changeTenant({ status: 'DISABLED' }),
    ],
  ]
  test.each(takings)('%s', async (what, reason, take) => {
    const thing = what.replaceAll(' ', '-')
    const policies = ['camera-credentials']
    const device = await stage.fleet('acme').addDevice({ thing, policies })
    const { ask } = stage.openHandler()
    const headers = { 'x-amzn-iot-thingname': thing }
    expect((await ask(device.certificatePem, { headers })).status).toBe(200)
    expect((await ask(device.certificatePem, { headers })).status).toBe(200)
    await take(device.certificateId, thing)
    const answer = await ask(device.certificatePem, { headers })
    expect(answer).toMatchObject({ status: 403, audit: { reason } })
  })
})

describe('of a certificate and our own clock', () => {
  const NOT_BEFORE = new Date('2026-01-01T00:00:00Z')
  const NOT_AFTER = new Date('2026-01-02T00:00:00Z')
  let pem: string
  beforeAll(async () => {
    const signed = issueCertificate(await stage.ca(), {
      notBefore: NOT_BEFORE,
      notAfter: NOT_AFTER,
    })
    pem = signed.pem
    await stage.register(pem)
    await stage.attachPolicy(
      'camera-credentials',
      (await stage.openHandler().ask(pem)).audit?.certificateId ?? '',
    )
  })

  test('T30: the validity is judged for every request of a process, to the millisecond', async () => {
    const time = { now: NOT_BEFORE.getTime() - 1 }
    const { ask } = stage.openHandler({ clock: () => new Date(time.now) })
    const at = async (now: number) => {
      time.now = now
      const { status, audit } = await ask(pem)
      return audit?.reason ?? status
    }
    expect(await at(NOT_BEFORE.getTime() - 1)).toBe('certificate-not-valid-now')
    expect(await at(NOT_BEFORE.getTime())).toBe(200)
    expect(await at(NOT_AFTER.getTime() - 1)).toBe('certificate-expires-too-soon')
    expect(await at(NOT_AFTER.getTime())).toBe('certificate-not-valid-now')
    expect(await at(NOT_AFTER.getTime() + 86_400_000)).toBe('certificate-not-valid-now')
  })

  test('T31: no credentials outlive it, whenever they are asked for, and none are shorter than STS gives', async () => {
    const life = NOT_AFTER.getTime() - NOT_BEFORE.getTime()
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: life + 10_000 }), async (elapsed) => {
        const now = new Date(NOT_BEFORE.getTime() + elapsed)
        const { ask, sessions } = stage.openHandler({ clock: () => now })
        const { status, body } = await ask(pem)
        if (status !== 200) {
          expect(NOT_AFTER.getTime() - now.getTime()).toBeLessThan(911_000)
          expect(sessions).toEqual([])
          return
        }
        const { expiration } = JSON.parse(body).credentials
        expect(new Date(expiration).getTime()).toBeLessThanOrEqual(NOT_AFTER.getTime())
        expect(sessions[0]?.durationSeconds).toBeGreaterThanOrEqual(900)
        expect(sessions[0]?.durationSeconds).toBeLessThanOrEqual(3600)
      }),
      { numRuns: 40, examples: [[life - 910_000], [life - 909_999], [life - 3_600_000]] },
    )
  })
})
