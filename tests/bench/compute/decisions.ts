import { decide } from '@thingpass/core/decide'
import { parsePolicyDocument } from '@thingpass/core/policy/document'
import { evaluate, type NamedPolicy } from '@thingpass/core/policy/evaluate'
import {
  circumstances,
  facts,
  GROUP,
  policy,
  request,
} from '@thingpass/core/testing/decision-example'
import type { Row } from '../row.ts'
import { median } from '../statistics.ts'
import {
  HOSTILE_REQUEST,
  type HostileCorpus,
  hostilePolicies,
  hostileTexts,
} from './hostile-corpus.ts'
import { ratesOf, type Stopwatch, timeOf, undisturbed } from './timing.ts'

/** 10 of a certificate and 2 of each of 70 groups: the most that one decision is made from. */
export const MOST_POLICIES = 150

const LONGEST_MS = 10
const line = { section: 'c', unit: '/s' } as const

const ALIASES = 'arn:aws:iot:us-east-1:123456789012:rolealias'

/** As fleets write them: by name, by a variable, and a Deny on a group. */
const FLEET_POLICIES = [
  policy({
    Effect: 'Allow',
    Action: ['iot:Connect', 'iot:AssumeRoleWithCertificate'],
    Resource: [`${ALIASES}/camera`, `${ALIASES}/shared-*`],
  }),
  policy({
    Effect: 'Allow',
    Action: 'iot:AssumeRoleWithCertificate',
    Resource: `${ALIASES}/\${iot:Connection.Thing.ThingTypeName}`,
    Condition: { StringLike: { 'iot:Connection.Thing.Attributes[site]': ['p7', 'q*'] } },
  }),
  policy(
    {
      Effect: 'Deny',
      Action: 'iot:AssumeRoleWithCertificate',
      Resource: '*',
      Condition: { NotIpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '2001:db8::/32'] } },
    },
    GROUP,
  ),
]

/** Section c. Runs in a process of its own: what else was compiled before would count. */
export function decisionRows(quick: boolean): readonly Row[] {
  const runs = quick ? 5 : 20
  const worst = [
    ...worstRows('one hostile policy', worstOf(hostilePolicies, evaluation(1), runs)),
    ...worstRows(
      `${MOST_POLICIES} hostile policies`,
      worstOf(hostilePolicies, evaluation(MOST_POLICIES), quick ? 2 : 6),
    ),
    ...worstRows('reading one hostile text', worstOf(hostileTexts, reading, runs)),
  ]
  const plan = { blocks: quick ? 5 : 15, milliseconds: 200 }
  const decision = ratesOf(
    () => decide(request, { ...facts, policies: FLEET_POLICIES }, circumstances),
    plan,
  )
  return [{ ...line, what: 'decisions with parsed policies', ours: median(decision) }, ...worst]
}

function worstRows(what: string, { cold, warm }: WorstTime): readonly Row[] {
  const limit = { kind: 'below', value: LONGEST_MS } as const
  return [
    { ...line, unit: 'ms', what: `worst of ${what}: ${warm.name}`, ours: warm.milliseconds, limit },
    { ...line, unit: 'ms', what: `the same the first time: ${cold.name}`, ours: cold.milliseconds },
  ]
}

type Named = { readonly name: string; readonly milliseconds: number }
type WorstTime = { readonly cold: Named; readonly warm: Named }

/** The longest that any text of the corpus takes: the first time, and of all later times. */
export function worstOf(
  corpus: HostileCorpus,
  workOn: (text: string) => () => unknown,
  runs: number,
  now: Stopwatch = () => performance.now(),
): WorstTime {
  const times = [...corpus].map(([name, text]) => {
    const work = workOn(text)
    const cold = { name, milliseconds: timeOf(work, now) }
    for (let each = 0; each < runs / 2; each++) work()
    const warm = Array.from({ length: runs }, () => undisturbed(work, now))
    return { cold, warm: { name, milliseconds: Math.max(...warm) } }
  })
  const longest = (entries: readonly Named[]) =>
    entries.reduce((one, other) => (other.milliseconds > one.milliseconds ? other : one))
  return {
    cold: longest(times.map(({ cold }) => cold)),
    warm: longest(times.map(({ warm }) => warm)),
  }
}

function evaluation(count: number) {
  return (text: string) => {
    const parsed = parsePolicyDocument(text, 'iot')
    if (!parsed.ok) throw new Error(parsed.problem)
    const named: NamedPolicy = { name: 'hostile', document: parsed.document }
    const policies = Array.from({ length: count }, () => named)
    return () => evaluate(policies, HOSTILE_REQUEST)
  }
}

function reading(text: string) {
  return () => parsePolicyDocument(text, 'iot')
}
