import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Memory, plan, rememberCredentials, rememberFailure } from './memory.ts'

const at = (text: string) => new Date(`2026-03-04T${text}Z`)
const NOON = at('12:00:00')
const credentials = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 's',
  sessionToken: 't',
  expiration: at('13:00:00'),
}
const held = { ...credentials, receivedAt: NOON, refreshAt: at('12:40:00') }
const failure = { at: at('12:45:00'), until: at('12:46:00'), message: 'HTTP 503' }

describe('the plan', () => {
  test.each<[string, Memory, string, ReturnType<typeof plan>['do']]>([
    ['nothing is remembered', {}, '12:00:00', 'ask'],
    ['credentials are new', { held }, '12:00:00', 'give'],
    ['credentials are fresh to the last', { held }, '12:39:59.999', 'give'],
    ['credentials are due', { held }, '12:40:00', 'ask'],
    ['credentials are at their expiry', { held }, '13:00:00', 'ask'],
    ['the clock was set back', { held }, '11:59:59.999', 'ask'],
    ['renewing has failed and credentials live', { held, failure }, '12:45:30', 'give'],
    ['the pause after a failure is over', { held, failure }, '12:46:00', 'ask'],
    ['the clock was set back before the failure', { held, failure }, '12:44:00', 'ask'],
    ['asking has failed', { failure }, '12:45:00', 'refuse'],
    ['asking has failed, to the last', { failure }, '12:45:59.999', 'refuse'],
    ['the pause is over', { failure }, '12:46:00', 'ask'],
    ['asking failed, by a clock that was ahead', { failure }, '12:44:59.999', 'ask'],
    [
      'renewing has failed and credentials expired',
      { held, failure: { ...failure, at: at('12:59:00'), until: at('13:01:00') } },
      ...(['13:00:00', 'refuse'] as const),
    ],
    [
      'an instant is none',
      { held: { ...held, expiration: new Date(Number.NaN), refreshAt: new Date(Number.NaN) } },
      ...(['12:00:00', 'ask'] as const),
    ],
  ])('when %s', (_, memory, time, expected) => {
    expect(plan(memory, at(time)).do).toBe(expected)
  })

  test.each<[string, string | undefined]>([
    ['12:40:00', 'ASIAEXAMPLE'],
    ['12:59:59.999', 'ASIAEXAMPLE'],
    ['11:00:00', 'ASIAEXAMPLE'],
    ['13:00:00', undefined],
  ])('that asks at %s has as spare what still lives: %s', (time, spare) => {
    expect(plan({ held }, at(time))).toMatchObject({ do: 'ask' })
    const planned = plan({ held }, at(time))
    expect(planned.do === 'ask' ? planned.spare?.accessKeyId : 'none').toBe(spare)
  })

  test('never gives what has expired', () => {
    const instant = fc.date({ min: at('00:00:00'), max: at('23:59:59'), noInvalidDate: true })
    const memory = fc.record(
      {
        held: fc.record({
          ...{ accessKeyId: fc.constant('A'), secretAccessKey: fc.constant('s') },
          ...{ sessionToken: fc.constant('t'), expiration: instant },
          ...{ receivedAt: instant, refreshAt: instant },
        }),
        failure: fc.record({ at: instant, until: instant, message: fc.constant('m') }),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(memory, instant, (remembered, now) => {
        const planned = plan(remembered, now)
        const given = planned.do === 'give' ? planned.credentials : undefined
        const spare = planned.do === 'ask' ? planned.spare : undefined
        const expirations = [given, spare].flatMap((each) => each?.expiration ?? [])
        expect(expirations.every((expiration) => now < expiration)).toBe(true)
      }),
    )
  })
})

describe('credentials', () => {
  test.each([
    [0, '12:45:00'],
    [0.5, '12:37:30'],
    [0.999, '12:30:00.900'],
  ])('of an hour, with the random number %d, are due at %s', (random, refreshAt) => {
    expect(rememberCredentials(credentials, NOON, random)).toEqual({
      held: { ...credentials, receivedAt: NOON, refreshAt: at(refreshAt) },
    })
  })

  test('that seem to last longer than any are due as if they lasted twelve hours', () => {
    const { held: long } = rememberCredentials(
      { ...credentials, expiration: new Date('2036-01-01T00:00:00Z') },
      ...([NOON, 0] as const),
    )
    expect(long?.refreshAt).toEqual(at('21:00:00'))
  })

  test('that came expired are due at once', () => {
    const { held: dead } = rememberCredentials(credentials, at('14:00:00'), 0.5)
    expect(dead?.refreshAt).toEqual(at('14:00:00'))
  })
})

describe('a failure', () => {
  test.each([
    [0, '12:01:00'],
    [0.999, '12:01:29.970'],
  ])('with the random number %d is held until %s', (random, until) => {
    const failed = { message: 'm', holdSeconds: 60 }
    expect(rememberFailure({}, failed, NOON, random)).toEqual({
      failure: { at: NOON, until: at(until), message: 'm' },
    })
  })

  test('leaves what is held', () => {
    const remembered = rememberFailure({ held }, { message: 'm', holdSeconds: 1 }, NOON, 0)
    expect(remembered.held).toBe(held)
  })
})
