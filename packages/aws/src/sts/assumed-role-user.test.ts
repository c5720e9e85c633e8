import { parseRoleArn } from '@thingpass/core/names'
import { describe, expect, test } from 'vitest'
import { isUserOfSession } from './assumed-role-user.ts'

const NAME = 'ab'.repeat(32)
const sessionOf = (roleArn: string) => ({ roleArn: parseRoleArn(roleArn)!, sessionName: NAME })
const SESSION = sessionOf('arn:aws:iam::123456789012:role/sensor')
const USER = {
  Arn: `arn:aws:sts::123456789012:assumed-role/sensor/${NAME}`,
  AssumedRoleId: `AROAEXAMPLE:${NAME}`,
}

test.each([
  ['a role', 'arn:aws:iam::123456789012:role/sensor', USER.Arn],
  ['a role with a path', 'arn:aws:iam::123456789012:role/a/b/sensor', USER.Arn],
  [
    'a role of another partition',
    'arn:aws-us-gov:iam::123456789012:role/sensor',
    USER.Arn.replace('arn:aws:', 'arn:aws-us-gov:'),
  ],
])('knows the session of %s', (_, roleArn, Arn) => {
  expect(isUserOfSession(sessionOf(roleArn), { ...USER, Arn })).toBe(true)
})

describe('knows no session by', () => {
  const arn = (from: string, to: string) => ({ ...USER, Arn: USER.Arn.replace(from, to) })
  test.each([
    ['the name of another session', arn(NAME, 'cd'.repeat(32))],
    ['the name of another session in its id', { ...USER, AssumedRoleId: 'AROAEXAMPLE:other' }],
    ['an id that is the name alone', { ...USER, AssumedRoleId: NAME }],
    ['a name that only ends in its own', { ...USER, AssumedRoleId: `AROAEXAMPLE:x${NAME}` }],
    ['another role', arn('sensor', 'pump')],
    ['the role in another spelling', arn('sensor', 'Sensor')],
    ['another account', arn('123456789012', '123456789013')],
    ['no account', arn('123456789012', '')],
    ['another partition', arn('arn:aws:', 'arn:aws-cn:')],
    ['the role itself', { ...USER, Arn: SESSION.roleArn }],
    ['an ARN with more behind it', { ...USER, Arn: `${USER.Arn}x` }],
    ['an ARN that is none', { ...USER, Arn: [USER.Arn] }],
    ['an id that is none', { ...USER, AssumedRoleId: [USER.AssumedRoleId] }],
    ['an id without an ARN', { AssumedRoleId: USER.AssumedRoleId }],
    ['an ARN without an id', { Arn: USER.Arn }],
    ['nothing', undefined],
  ])('%s', (_, user) => {
    expect(isUserOfSession(SESSION, user)).toBe(false)
  })
})

test('knows no session of what is no role', () => {
  const roleArn = 'undefined' as typeof SESSION.roleArn
  const Arn = `arn:undefined:sts::undefined:assumed-role/undefined/${NAME}`
  expect(isUserOfSession({ roleArn, sessionName: NAME }, { ...USER, Arn })).toBe(false)
})
