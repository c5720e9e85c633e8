import middy from '@middy/core'
import { asFault, Fault } from '@thingpass/core/fault'
import type { WriteAudit } from '@thingpass/core/ports'
import type { Context } from 'aws-lambda'
import type { FrontDoor } from '../front-door/front-door.ts'
import { type Answer, renderAnswer } from './answer.ts'
import { auditRecordOf } from './audit.ts'
import { createExchange, type ExchangePorts } from './exchange.ts'
import { createJournal, type Journal } from './journal.ts'
import type { Failure, Outcome } from './outcome.ts'
import { withinDeadline } from './within-deadline.ts'

/** What the handler needs: the exchange's ports, a place for audit records, and two sources of the outside world. */
export type CredentialsPorts = ExchangePorts & {
  readonly writeAudit: WriteAudit
  /** Tells operators of a failure: the code and message of a Fault, which hold no secret. */
  readonly reportFault: (fault: Fault, requestId: string) => void
  /** Monotonic milliseconds. */
  readonly stopwatch: () => number
  /** 0 ≤ x < 1, for the jitter of `Retry-After`. */
  readonly random: () => number
}

/**
 * Makes the Lambda handler of `GET /role-aliases/{roleAlias}/credentials` behind a front door. Every event gets exactly one
 * audit record and one answer; the record is kept before the answer leaves.
 */
export function createCredentialsHandler<Event, Result>(
  ports: CredentialsPorts,
  frontDoor: FrontDoor<Event, Result>,
) {
  const exchange = createExchange(ports)

  async function handle(event: Event, invocation: Context | undefined): Promise<Result> {
    const journal = createJournal(ports.stopwatch)
    const { deadlineMilliseconds } = ports.settings
    const outcome = await settle(() =>
      withinDeadline(deadlineMilliseconds, exchange(frontDoor.read(event, invocation), journal)),
    )
    const requestId = frontDoor.requestIdOf(event, invocation)
    const known = typeof requestId === 'string' ? requestId : NO_REQUEST_ID
    return frontDoor.write(await answerAudited(ports, outcome, { journal, requestId: known }))
  }

  return middy<Event, Result>().handler(handle)
}

/** An event that is nothing at all has no request id either. */
const NO_REQUEST_ID = 'unknown'

/** Turns whatever was thrown into an outcome, so that a failure is audited like any other answer. */
async function settle<Result>(work: () => Promise<Result>): Promise<Result | Failure> {
  try {
    return await work()
  } catch (thrown) {
    return { kind: 'failed', fault: asFault(thrown) }
  }
}

/** The answer of an outcome, after its audit record is kept. An answer that cannot be written or audited is a failure itself. */
async function answerAudited(
  ports: CredentialsPorts,
  outcome: Outcome,
  { journal, requestId }: { readonly journal: Journal; readonly requestId: string },
): Promise<Answer> {
  const rendered = await settle(async () => renderAnswer(outcome, requestId, ports.random))
  if ('kind' in rendered) return answerAudited(ports, rendered, { journal, requestId })
  const { statusCode: status } = rendered
  const record = auditRecordOf(outcome, journal, { time: ports.clock(), requestId, status })
  if (outcome.kind === 'failed') ports.reportFault(outcome.fault, requestId)
  const unaudited = await settle(() => ports.writeAudit(record))
  if (unaudited === undefined) return rendered
  ports.reportFault(unaudited.fault, requestId)
  const fault = new Fault('AUDIT_UNAVAILABLE', 'the audit record was not kept')
  return renderAnswer({ kind: 'failed', fault }, requestId, ports.random)
}
