import { parseJson } from '@thingpass/core/policy/json'
import type { Place } from './fleet-record.ts'
import { type JsonPath, mapStrings } from './map-strings.ts'
import { type RewrittenArn, rewriteArn } from './rewrite-arns.ts'

/** An ARN of elsewhere, and whether it can match something of the deployment. */
export type ForeignArn = { readonly arn: string; readonly countsHere: boolean }

/** An IoT policy as the deployment needs it. */
export type RewrittenPolicy = {
  readonly document: string
  readonly rewritten: readonly RewrittenArn[]
  /** ARNs of accounts or regions that are not the source's: left as they are. */
  readonly foreign: readonly ForeignArn[]
}

/** Elements whose text names resources. */
const ELEMENTS = ['Resource', 'NotResource', 'Condition']

/**
 * Turns the ARNs in a policy's resources and condition values to the deployment's account and region. A document without such
 * ARNs stays byte for byte as it was.
 */
export function rewritePolicy(
  document: string,
  from: Place,
  to: Place,
): RewrittenPolicy | { readonly problem: string } {
  // A key that stands twice would be lost in the rewriting, and with it perhaps a Deny.
  const strict = parseJson(document)
  if (!strict.ok) return { problem: strict.problem }
  const rewritten: RewrittenArn[] = []
  const foreign: ForeignArn[] = []
  const changed = mapStrings(JSON.parse(document), (text, path) => {
    const reading = namesResources(path) ? rewriteArn(text, from, to) : undefined
    if (reading?.kind === 'foreign') foreign.push({ arn: text, countsHere: reading.countsHere })
    if (reading?.kind !== 'rewritten') return text
    rewritten.push({ from: text, to: reading.to })
    return reading.to
  })
  const same = rewritten.length === 0
  return { document: same ? document : JSON.stringify(changed), rewritten, foreign }
}

function namesResources(path: JsonPath): boolean {
  const [root, ...rest] = path
  const element = rest.find((step) => typeof step === 'string')
  return root === 'Statement' && typeof element === 'string' && ELEMENTS.includes(element)
}
