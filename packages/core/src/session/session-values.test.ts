import { describe, expect, test } from 'vitest'
import { CERTIFICATE_ID, given, TENANT, THING } from '../../testing/decision-example.ts'
import { parseThingTypeName } from '../names.ts'
import { createRequestContext } from '../policy/request-context.ts'
import { isBrokerOwned, sessionValues, standardValues } from './session-values.ts'

const identity = { certificateId: CERTIFICATE_ID, tenantId: TENANT }
const thing = { thingName: THING }
const camera = { ...thing, thingTypeName: given(parseThingTypeName('camera')) }

const always = [
  ['credentials-iot:AwsCertificateId', CERTIFICATE_ID],
  ['thingpass:TenantId', TENANT],
] as const
const named = [...always, ['credentials-iot:ThingName', 'cam-1']] as const
const typed = [...named, ['credentials-iot:ThingTypeName', 'camera']] as const

describe('the standard values', () => {
  test.each([
    ['without a thing', identity, always],
    ['with a thing', { ...identity, thing }, named],
    ['with a thing of a type', { ...identity, thing: camera }, typed],
  ])('%s', (_, who, expected) => {
    expect([...standardValues(who)]).toEqual(expected)
  })
})

describe('a variable', () => {
  const variables = createRequestContext([
    ['iot:CertificateId', 'ab'],
    ['iot:Certificate.Subject.Country.List', ['DE', 'US']],
    ['credentials-iot:ThingName', 'forged'],
    ['credentials-iot:ThingTypeName', 'forged'],
    ['thingpass:TenantId', 'forged'],
  ])

  test.each([
    ['iot:CertificateId', ['ab']],
    ['IOT:certificateid', ['ab']],
    ['iot:Certificate.Subject.Country.List', ['DE', 'US']],
    ['iot:Certificate.Subject.Country', []],
    ['credentials-iot:ThingName', ['cam-1']],
    ['Credentials-IoT:thingname', ['cam-1']],
    ['credentials-iot:ThingTypeName', []],
    ['credentials-iot:AwsCertificateId', [CERTIFICATE_ID]],
    ['thingpass:TenantId', ['acme']],
    ['THINGPASS:TENANTID', ['acme']],
  ])('%s is %j', (name, expected) => {
    const read = sessionValues({ ...identity, thing }, variables)
    expect(read(name)).toEqual(expected)
  })
})

describe('a name', () => {
  test.each([
    'aws:x',
    'AWS:x',
    'credentials-iot:x',
    'Thingpass:',
    'THINGPASS:x',
    'aw\u017f:x',
    'thingpa\u00df:x',
  ])('%s is the broker’s', (name) => {
    expect(isBrokerOwned(name)).toBe(true)
  })
  test.each(['aws', 'xaws:y', 'iot:x', 'credentials-iot', 'site'])('%s is anyone’s', (name) => {
    expect(isBrokerOwned(name)).toBe(false)
  })
})
