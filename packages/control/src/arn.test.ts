import {
  parseAccountId,
  parseCaCertificateId,
  parseCertificateId,
  parsePolicyName,
  parseRegion,
  parseRoleAlias,
  parseThingGroupName,
  parseThingName,
  parseThingTypeName,
} from '@thingpass/core/names'
import { expect, test } from 'vitest'
import { createArns, type Resource } from './arn.ts'

const arns = createArns({
  partition: 'aws',
  region: parseRegion('us-east-1')!,
  accountId: parseAccountId('123456789012')!,
})
const PREFIX = 'arn:aws:iot:us-east-1:123456789012:'
const ID = 'c1'.repeat(32)

const RESOURCES: {
  readonly [Kind in Resource['kind']]: [Extract<Resource, { kind: Kind }>, string]
} = {
  certificate: [{ kind: 'certificate', certificateId: parseCertificateId(ID)! }, `cert/${ID}`],
  'ca-certificate': [
    { kind: 'ca-certificate', caCertificateId: parseCaCertificateId(ID)! },
    `cacert/${ID}`,
  ],
  policy: [{ kind: 'policy', policyName: parsePolicyName('p+=,.@-')! }, 'policy/p+=,.@-'],
  'role-alias': [{ kind: 'role-alias', roleAlias: parseRoleAlias('a=,@-')! }, 'rolealias/a=,@-'],
  thing: [{ kind: 'thing', thingName: parseThingName('a:b')! }, 'thing/a:b'],
  'thing-group': [{ kind: 'thing-group', groupName: parseThingGroupName('g')! }, 'thinggroup/g'],
  'thing-type': [{ kind: 'thing-type', thingTypeName: parseThingTypeName('t')! }, 'thingtype/t'],
}

test.each(Object.values(RESOURCES))('%j is written and read as …%s', (resource, path) => {
  expect(arns.format(resource)).toBe(PREFIX + path)
  expect(arns.parse(PREFIX + path)).toEqual({ ok: true, resource })
})

test.each([
  'arn:aws:iot:us-east-1:210987654321:thing/a',
  'arn:aws:iot:eu-west-1:123456789012:thing/a',
  'arn:aws-cn:iot:us-east-1:123456789012:thing/a',
  'arn:aws:iot:::thing/a',
  'arn:aws:iot:us-east-1:210987654321:nothing/a',
])('%s belongs elsewhere, whatever it names', (arn) => {
  const problem = 'The given ARN belongs to another account or region'
  expect(arns.parse(arn)).toEqual({ ok: false, problem })
})

test.each([
  '',
  'thing/a',
  'arn:aws:s3:us-east-1:123456789012:thing/a',
  `${PREFIX}thing`,
  `${PREFIX}thing/`,
  `${PREFIX}thing/a/b`,
  `${PREFIX}thing/a b`,
  `${PREFIX}nothing/a`,
  `${PREFIX}constructor/a`,
  `${PREFIX}cert/${'C1'.repeat(32)}`,
  `${PREFIX}Thing/a`,
  ` ${PREFIX}thing/a`,
  `${PREFIX}thing/a\n`,
])('%j is not an ARN of a resource', (arn) => {
  expect(arns.parse(arn)).toEqual({ ok: false, problem: 'The given ARN is not valid' })
})
