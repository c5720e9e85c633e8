import middy from '@middy/core'
import { renderAnswer } from '@thingpass/control/answer'
import { errorOfFault, refuse } from '@thingpass/control/api-error'
import type { ControlPlane } from '@thingpass/control/control-plane'
import type { ControlAnswer } from '@thingpass/control/control-request'
import { asFault, type Fault } from '@thingpass/core/fault'
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import { fromRestApi, type ReceivedRestEvent } from './rest-event.ts'

/** What the handler needs. */
export type ControlHandlerPorts = {
  readonly controlPlane: ControlPlane
  /** Tells operators of a failure: the code and message of a Fault, which hold no secret. */
  readonly reportFault: (fault: Fault, requestId: string) => void
}

/** Makes the Lambda handler of the control plane behind a REST API with IAM authorization. It never rejects. */
export function createControlHandler(ports: ControlHandlerPorts) {
  async function handle(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
    const { status, headers, body } = await answer(ports, event)
    return { statusCode: status, headers: { ...headers }, body }
  }

  return middy<APIGatewayProxyEvent, APIGatewayProxyResult>().handler(handle)
}

async function answer(
  { controlPlane, reportFault }: ControlHandlerPorts,
  event: ReceivedRestEvent,
): Promise<ControlAnswer> {
  try {
    const call = fromRestApi(event)
    // A route without IAM authorization would be a mistake of the deployment: it opens nothing.
    return call.kind === 'anonymous'
      ? renderAnswer(refuse('AccessDeniedException', 'No caller was authenticated'), call.requestId)
      : await controlPlane(call.request)
  } catch (thrown) {
    const fault = asFault(thrown)
    reportFault(fault, 'unknown')
    return renderAnswer({ ok: false, error: errorOfFault(fault) }, 'unknown')
  }
}
