import type { ControlAnswer } from '../control-client/control-client.ts'
import { baseUrlOf, type ControlTarget } from '../control-client/target.ts'
import { describeNetworkCode } from '../http/network-problem.ts'

/** Why a call of AWS's client did not succeed. */
export type SdkProblem = Exclude<ControlAnswer, { readonly ok: true }>

/** Tells what AWS's client threw: a refusal by its code, message and status, anything else as a problem of getting there. */
export function describeThrown(thrown: unknown, target: Pick<ControlTarget, 'origin'>): SdkProblem {
  const status = memberOf(memberOf(thrown, '$metadata'), 'httpStatusCode')
  if (thrown instanceof Error && typeof status === 'number' && status !== 200) {
    const { name: code, message } = thrown
    const told = message === '' || message === 'UnknownError' ? `HTTP ${status}` : message
    return { ok: false, error: { code, message: told, status } }
  }
  const code = memberOf(thrown, 'code')
  if (typeof code === 'string') {
    const where = baseUrlOf({ ...target, basePath: '' })
    return { problem: `no control plane at ${where}: ${describeNetworkCode(code)}` }
  }
  return { problem: thrown instanceof Error ? thrown.message : 'the call failed' }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
