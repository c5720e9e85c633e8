import { isIP } from 'node:net'
import type { Explanation } from '@thingpass/control/explanation'
import { type CertificateId, parseRoleAlias, parseThingName } from '@thingpass/core/names'
import type { CommandIo, ExitCode, UsageProblem } from '../command-io.ts'
import type { CallControl, ControlAnswer } from '../control-client/control-client.ts'
import { describeControlError } from '../control-client/control-error.ts'
import { certificateIdOf } from '../explain/certificate-id-of.ts'
import { describeExplanation } from '../explain/describe-explanation.ts'

/** What `explain` is asked. */
export type ExplainOptions = {
  /** Certificate id, or path of a PEM file. */
  readonly certificate: string
  readonly alias: string
  readonly thing?: string
  readonly sourceIp?: string
  readonly json?: boolean
}

/** Prints what the data plane would decide now; exit code 1 for a refusal, and for a certificate that the tenant does not have. */
export async function explainDecision(
  options: ExplainOptions,
  call: CallControl,
  { out, err }: CommandIo,
): Promise<ExitCode> {
  const question = await readQuestion(options)
  const outcome = 'problem' in question ? question : await askForExplanation(call, question)
  if ('problem' in outcome) {
    err(`thingpass: ${outcome.problem}\n`)
    return 2
  }
  if ('unknown' in outcome) {
    err(`thingpass: ${outcome.unknown}\n`)
    return 1
  }
  const { explanation } = outcome
  out(options.json === true ? `${JSON.stringify(explanation)}\n` : describeExplanation(explanation))
  return explanation.decision === 'allow' ? 0 : 1
}

/** What the operation takes. */
export type ExplainQuestion = {
  readonly certificateId: CertificateId
  readonly roleAlias: string
  readonly thingName?: string
  readonly sourceIp?: string
}

/** An explanation; or that the tenant has no such certificate; or why neither can be had. */
export type ExplainOutcome =
  | { readonly explanation: Explanation }
  | { readonly unknown: string }
  | UsageProblem

/** Asks a control plane what it would decide. */
export async function askForExplanation(
  call: CallControl,
  question: ExplainQuestion,
): Promise<ExplainOutcome> {
  return readOutcome(await call({ method: 'POST', path: '/thingpass/explain', body: question }))
}

function readOutcome(answer: ControlAnswer): ExplainOutcome {
  if ('problem' in answer) return answer
  if (answer.ok) {
    return isExplanation(answer.json)
      ? { explanation: answer.json }
      : { problem: 'the answer is no explanation: is the endpoint a control plane?' }
  }
  const { error } = answer
  if (error.code !== 'ResourceNotFoundException') return { problem: describeControlError(error) }
  const elsewhere = 'it may be of another tenant (--tenant), or not be registered'
  return { unknown: `${error.message}: ${elsewhere}` }
}

async function readQuestion(options: ExplainOptions): Promise<ExplainQuestion | UsageProblem> {
  const { alias, thing, sourceIp } = options
  if (parseRoleAlias(alias) === undefined) return { problem: '--alias takes a role alias' }
  if (thing !== undefined && parseThingName(thing) === undefined) {
    return { problem: '--thing takes the name of a thing' }
  }
  if (sourceIp !== undefined && isIP(sourceIp) === 0) {
    return { problem: '--source-ip takes an IPv4 or IPv6 address' }
  }
  const certificate = await certificateIdOf(options.certificate)
  if ('problem' in certificate) return certificate
  return {
    ...certificate,
    roleAlias: alias,
    ...(thing === undefined ? {} : { thingName: thing }),
    ...(sourceIp === undefined ? {} : { sourceIp }),
  }
}

/** Deep enough that nothing else is taken for one; the members are the control plane's own. */
function isExplanation(json: unknown): json is Explanation {
  if (typeof json !== 'object' || json === null) return false
  const lists = ['steps', 'policies', 'statements'] as const
  return (
    ['allow', 'deny'].includes(String(Reflect.get(json, 'decision'))) &&
    typeof Reflect.get(json, 'answer') === 'object' &&
    typeof Reflect.get(json, 'assumed') === 'object' &&
    lists.every((name) => Array.isArray(Reflect.get(json, name)))
  )
}
