import type { ConditionMismatch, StatementTrace } from '@thingpass/core/policy/trace'

/** One line on how a statement stood. */
export function describeStatement(trace: StatementTrace): string {
  const sid = trace.sid === undefined ? '' : ` (${trace.sid})`
  const place = `${trace.policy ?? 'policy'}, statement ${trace.statement}${sid}, ${trace.effect}`
  return `${place}: ${trace.matched ? 'matches' : whyNot(trace.mismatch)}`
}

function whyNot(mismatch: Extract<StatementTrace, { matched: false }>['mismatch']): string {
  if (mismatch.on === 'condition') {
    const told = mismatch.conditions.map(describeCondition).join('; ')
    return told === '' ? 'cannot be decided' : told
  }
  const patterns = `${mismatch.element} ${mismatch.patterns.join(', ')}`
  const verb = mismatch.element.startsWith('Not') ? 'leaves it out' : 'is not it'
  const unset = mismatch.on === 'resource' ? unsetNote(mismatch.unsetVariables) : ''
  return `${patterns} ${verb}${unset}`
}

const WHY: Record<ConditionMismatch['why'], string> = {
  'key-missing': 'the request has no such key',
  'value-differs': "the request's value differs",
  'several-values-without-set-operator':
    'the key has several values, which needs ForAnyValue or ForAllValues',
}

function describeCondition({
  operator,
  key,
  values,
  why,
  unsetVariables,
}: ConditionMismatch): string {
  return `${operator} ${key} ${values.join(', ')}: ${WHY[why]}${unsetNote(unsetVariables)}`
}

function unsetNote(names: readonly string[]): string {
  return names.length === 0 ? '' : ` (not set: ${names.join(', ')})`
}
