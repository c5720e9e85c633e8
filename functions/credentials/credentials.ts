import middy from '@middy/core'
import { asFault, Fault } from '@thingpass/core/fault'
import type { WriteAudit } from '@thingpass/core/ports'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { fromApiGatewayV2, type ReceivedEventV2 } from '../front-door/api-gateway-v2.ts'
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
 * Makes the Lambda handler of `GET /role-aliases/{roleAlias}/credentials` behind an HTTP API. Every event gets exactly one
 * audit record and one answer; the record is kept before the answer leaves.
 */
export function createCredentialsHandler(ports: CredentialsPorts) {
  const exchange = createExchange(ports)

  async function handle(event: APIGatewayProxyEventV2): Promise<Answer> {
    const journal = createJournal(ports.stopwatch)
    const { deadlineMilliseconds } = ports.settings
    const outcome = await settle(() =>
      withinDeadline(deadlineMilliseconds, exchange(fromApiGatewayV2(event), journal)),
    )
    return answerAudited(ports, outcome, { journal, requestId: requestIdOf(event) })
  }

  return middy<APIGatewayProxyEventV2, Answer>().handler(handle)
}

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

/** An event that is nothing at all has no request id either. */
function requestIdOf(event: ReceivedEventV2 | null): string {
  const requestId = event?.requestContext?.requestId
  return typeof requestId === 'string' ? requestId : 'unknown'
}
