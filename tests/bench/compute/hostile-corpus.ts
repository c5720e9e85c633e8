import { judgePolicySize, MAX_POLICY_TEXT } from '@thingpass/core/policy/document'
import { createRequestContext } from '@thingpass/core/policy/request-context'

/** Policies and requests that are as bad for the engine as its limits let them be, one name each. */
export type HostileCorpus = ReadonlyMap<string, string>

type Statement = Readonly<Record<string, unknown>>

const SUBJECT = 'iot:Certificate.Subject.CommonName'
const SUBJECTS = `${SUBJECT}.List`
const ATTRIBUTE = 'iot:Connection.Thing.Attributes[a]'

/** Longest texts that a certificate, a thing and an address bring along, all alike, so that patterns nearly match. */
const LONGEST = { field: 1024, fields: 5, attribute: 800, alias: 128 }

/** The request that the corpus is judged with. */
export const HOSTILE_REQUEST = Object.freeze({
  action: 'iot:AssumeRoleWithCertificate',
  resource: `arn:aws:iot:us-east-1:123456789012:rolealias/${'a'.repeat(LONGEST.alias)}`,
  context: createRequestContext([
    [SUBJECT, 'a'.repeat(LONGEST.field)],
    [SUBJECTS, Array.from({ length: LONGEST.fields }, () => 'a'.repeat(LONGEST.field))],
    [ATTRIBUTE, `arn:aws:s3:::${'a'.repeat(LONGEST.attribute - 13)}`],
    ['aws:SourceIp', '2001:db8:1:2:3:4:5:6'],
  ]),
})

const times = <Item>(count: number, item: Item): readonly Item[] =>
  Array.from({ length: count }, () => item)

const documentOf = (statements: readonly Statement[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements })

const deny = (more: Statement): Statement => ({
  Effect: 'Deny',
  Action: '*',
  Resource: '*',
  ...more,
})

const denyWhere = (operator: string, key: string, values: unknown): readonly Statement[] => [
  deny({ Condition: { [operator]: { [key]: values } } }),
]

/** The largest policy of a kind that may be stored: as many repetitions as fit. */
function largest(make: (count: number) => readonly Statement[]): string {
  const fits = (count: number) => judgePolicySize(documentOf(make(count))) === undefined
  let count = 1
  while (fits(count * 2)) count *= 2
  while (fits(count + 1)) count += 1
  return documentOf(make(count))
}

/** Documents that are stored and then judged with requests, over and over. */
export const hostilePolicies: HostileCorpus = new Map([
  ['one pattern of stars', largest((n) => denyWhere('StringLike', SUBJECT, `${'*a'.repeat(n)}*b`))],
  [
    'a long tail after a star',
    largest((n) => denyWhere('StringLike', SUBJECT, `*${'a'.repeat(n)}b`)),
  ],
  [
    'question marks after a star',
    largest((n) => denyWhere('StringLike', SUBJECT, `*${'?'.repeat(n)}b`)),
  ],
  [
    'short patterns on long lists',
    largest((n) => denyWhere('ForAnyValue:StringLike', SUBJECTS, times(n, '*ab'))),
  ],
  [
    'half-long patterns on long lists',
    largest((n) => denyWhere('ForAnyValue:StringLike', SUBJECTS, times(n, `*${'a'.repeat(90)}b`))),
  ],
  [
    'folded texts on long lists',
    largest((n) => denyWhere('ForAllValues:StringNotEqualsIgnoreCase', SUBJECTS, times(n, ''))),
  ],
  ['patterns of ARNs', largest((n) => denyWhere('ArnLike', ATTRIBUTE, times(n, '*:*')))],
  ['ranges of addresses', largest((n) => denyWhere('IpAddress', 'aws:SourceIp', times(n, '::')))],
  [
    'variables with long values',
    largest((n) => [deny({ Resource: `:::::${`\${${ATTRIBUTE}}`.repeat(n)}` })]),
  ],
  ['variables without values', largest((n) => [deny({ Resource: `:::::${`\${A}`.repeat(n)}` })])],
  ['many resources', largest((n) => [deny({ Resource: times(n, '*b') })])],
  ['many statements', largest((n) => times(n, deny({})))],
])

/** Texts that are handed in and must be read before anything is known of them. */
export const hostileTexts: HostileCorpus = new Map([
  ...[...hostilePolicies].map(([name, text]) => [`reading ${name}`, text] as const),
  [
    'reading padding',
    `${documentOf([deny({})])}${' '.repeat(MAX_POLICY_TEXT)}`.slice(0, MAX_POLICY_TEXT),
  ],
  ['reading brackets', '['.repeat(MAX_POLICY_TEXT)],
  [
    'reading a text without an end',
    `"${'\\u0061'.repeat(MAX_POLICY_TEXT / 6)}`.slice(0, MAX_POLICY_TEXT),
  ],
  [
    'reading many keys',
    `{${Array.from({ length: 1000 }, (_, at) => `"k${at}":0`).join(',')}}`.slice(
      0,
      MAX_POLICY_TEXT,
    ),
  ],
])
