import type { ExplainedSession, Explanation } from '@thingpass/control/explanation'
import type { PolicyIdentity } from '@thingpass/core/records'
import { describeStatement } from '../why/describe-statement.ts'
import { REASON_GUIDE } from '../why/reason-guide.ts'

/** Tells a person what the data plane would decide: the verdict first, then everything it was derived from. */
export function describeExplanation(explanation: Explanation): string {
  const { certificateId, thingName, roleAlias, assumed, policies, statements } = explanation
  return [
    verdict(explanation),
    line('certificate', certificateId),
    ...(thingName === undefined ? [] : [line('thing', thingName)]),
    line('role alias', roleAlias),
    line('assumed', `from ${assumed.sourceIp}, to ${assumed.hostName}, at ${assumed.time}`),
    ...reasonLines(explanation),
    line('steps', explanation.steps.map(describeStep).join(', ')),
    ...policyLine('policies', policies),
    ...statements.map((trace) => `  - ${describeStatement(trace)}`),
    ...(explanation.session === undefined ? [] : sessionLines(explanation.session)),
    '',
  ].join('\n')
}

function verdict({ decision, answer }: Explanation): string {
  const words = answer.message === undefined ? '' : `  ${answer.message}`
  return `${decision}  HTTP ${answer.status}${words}`
}

function reasonLines({ reason, detail }: Explanation): readonly string[] {
  if (reason === undefined) return []
  // A newer control plane may know reasons that this command does not.
  const guide: string | undefined = REASON_GUIDE[reason]
  return [
    line('why', reason),
    ...(guide === undefined ? [] : [line('', guide)]),
    ...(detail === undefined ? [] : [line('detail', detail)]),
  ]
}

function describeStep({ step, passed }: Explanation['steps'][number]): string {
  return `${step} ${passed ? 'ok' : 'refuses'}`
}

function sessionLines(session: ExplainedSession): readonly string[] {
  const { roleArn, sessionName, duration, tags, transitiveTagKeys, sourceIdentity } = session
  return [
    line('role', roleArn),
    line('session', sessionName),
    ...(sourceIdentity === undefined ? [] : [line('identity', sourceIdentity)]),
    line('duration', describeDuration(duration)),
    ...tags.map(({ key, value }, index) => {
      const transitive = transitiveTagKeys.includes(key) ? '  (transitive)' : ''
      return line(index === 0 ? 'tags' : '', `${key} = ${value}${transitive}`)
    }),
    ...session.sizes.map((size, index) => line(index === 0 ? 'sizes' : '', describeSize(size))),
    ...policyLine('scoped by', session.sessionPolicies),
    ...session.dropped.map((place) => line('left out', place)),
    ...policyLines(session.policy),
  ]
}

function describeDuration(duration: ExplainedSession['duration']): string {
  const { askedSeconds, givenSeconds, clampedBy } = duration
  const clamp = clampedBy.length === 0 ? '' : `, shortened by ${clampedBy.join(', ')}`
  return `${givenSeconds} s of ${askedSeconds} s asked${clamp}`
}

function describeSize({ of, used, most }: ExplainedSession['sizes'][number]): string {
  return `${used} of ${most} ${of.replaceAll('-', ' ')}`
}

function policyLine(label: string, policies: readonly PolicyIdentity[]): readonly string[] {
  const names = policies.map(({ policyName, versionId }) => `${policyName} (version ${versionId})`)
  return names.length === 0 ? [] : [line(label, names.join(', '))]
}

function policyLines(policy: string | undefined): readonly string[] {
  if (policy === undefined) return [line('policy', 'none: the session may do what its role may')]
  const pretty = JSON.stringify(JSON.parse(policy), null, 2).split('\n')
  return [line('policy', 'as STS would get it'), ...pretty.map((each) => `  ${each}`)]
}

function line(label: string, text: string): string {
  return `${label.padEnd(12)}${text}`
}
