import { judgePolicySize, parsePolicyDocument } from '@thingpass/core/policy/document'
import { checkSessionTemplate } from '@thingpass/core/session/check'
import { type Refused, refuse } from './api-error.ts'

type Malformed = Refused<'MalformedPolicyException'>

/** Why a text may not be stored as a policy; undefined when it may. Whoever reads it later must be able to. */
export function refusePolicyDocument(document: string): Malformed | undefined {
  const tooLarge = judgePolicySize(document)
  if (tooLarge !== undefined) return malformed(tooLarge)
  const parse = parsePolicyDocument(document, 'iot')
  return parse.ok ? undefined : malformed(parse.problem)
}

/** Why a text can never be rendered as a session policy, for any device; undefined when it can. */
export function refuseSessionTemplate(document: string): Malformed | undefined {
  const check = checkSessionTemplate(document)
  return check.ok
    ? undefined
    : malformed(`as a session policy of a role alias it can never be rendered: ${check.problem}`)
}

function malformed(problem: string): Malformed {
  return refuse('MalformedPolicyException', `Policy document is Malformed: ${problem}`)
}
