import middy from '@middy/core'
import { renderAnswer } from '@thingpass/control/answer'
import { errorOfFault, refuse } from '@thingpass/control/api-error'
import type { ControlPlane } from '@thingpass/control/control-plane'
import type { ControlAnswer } from '@thingpass/control/control-request'
import { asFault, type Fault } from '@thingpass/core/fault'
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda'
import { withinDeadline } from '../credentials/within-deadline.ts'
import { fromRestApi, type ReceivedRestEvent } from './rest-event.ts'

/** What the handler needs. */
export type ControlHandlerPorts = {
  readonly controlPlane: ControlPlane
  /** Tells operators of a failure: the code and message of a Fault, which hold no secret. */
  readonly reportFault: (fault: Fault, requestId: string) => void
}

/** Left of the function's time when the caller is told that it was too short: Lambda's own end of it would be no answer. */
const ANSWER_MARGIN_MS = 500

/**
 * Makes the Lambda handler of the control plane behind a REST API with IAM authorization. It never rejects. A change that was not done in
 * time may still be made, and may be asked for again.
 */
export function createControlHandler(ports: ControlHandlerPorts) {
  async function handle(
    event: APIGatewayProxyEvent,
    context: Context,
  ): Promise<APIGatewayProxyResult> {
    const milliseconds = context.getRemainingTimeInMillis() - ANSWER_MARGIN_MS
    const { status, headers, body } = await answer(ports, event, milliseconds)
    return { statusCode: status, headers: { ...headers }, body }
  }

  return middy<APIGatewayProxyEvent, APIGatewayProxyResult>().handler(handle)
}

async function answer(
  { controlPlane, reportFault }: ControlHandlerPorts,
  event: ReceivedRestEvent,
  milliseconds: number,
): Promise<ControlAnswer> {
  let requestId = 'unknown'
  try {
    const call = fromRestApi(event)
    // A route without IAM authorization would be a mistake of the deployment: it opens nothing.
    if (call.kind === 'anonymous') {
      const refused = refuse('AccessDeniedException', 'No caller was authenticated')
      return renderAnswer(refused, call.requestId)
    }
    requestId = call.request.requestId
    return await withinDeadline(milliseconds, controlPlane(call.request))
  } catch (thrown) {
    const fault = asFault(thrown)
    reportFault(fault, requestId)
    return renderAnswer({ ok: false, error: errorOfFault(fault) }, requestId)
  }
}
