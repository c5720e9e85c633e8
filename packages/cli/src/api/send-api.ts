import type { DescribeThingCommand } from '@aws-sdk/client-iot'
import {
  type CallControl,
  type ControlAnswer,
  type ControlCall,
  createControlClient,
} from '../control-client/control-client.ts'
import type { IotClientSettings } from '../control-client/iot-client.ts'
import type { ControlTarget } from '../control-client/target.ts'
import type { FindAccessKeys } from '../control-client/target-credentials.ts'
import type { OperationName } from './api-command.ts'
import { describeThrown } from './sdk-problem.ts'

/** One call: an operation of AWS's API with its input, or a route of ours. */
export type ApiRequest = { readonly operation: OperationName; readonly input: object } | ControlCall

/** Sends one call. Never rejects. */
export type SendApi = (request: ApiRequest) => Promise<ControlAnswer>

/** Sends AWS's operations by AWS's own client, with its retries, and ours by our own. */
export function createSendApi(parts: {
  readonly target: ControlTarget
  readonly findAccessKeys: FindAccessKeys
  readonly clock: () => Date
  readonly settings?: IotClientSettings
}): SendApi {
  const callControl: CallControl = createControlClient(parts)
  const opened = { client: undefined as Promise<SendOperation> | undefined }
  return async (request) => {
    if (!('operation' in request)) return callControl(request)
    opened.client ??= openIot(parts)
    const sendOperation = await opened.client
    return sendOperation(request.operation, request.input)
  }
}

type SendOperation = (operation: OperationName, input: object) => Promise<ControlAnswer>

async function openIot({
  target,
  findAccessKeys,
  settings,
}: Parameters<typeof createSendApi>[0]): Promise<SendOperation> {
  // An SDK takes long to load, so only a command that calls loads it.
  const iot = await import('@aws-sdk/client-iot')
  const { createIotClient } = await import('../control-client/iot-client.ts')
  const client = createIotClient(target, findAccessKeys, settings)
  return async (operation, input) => {
    // Which input each takes is for the control plane to say: the command line is typed by people.
    const AnyCommand = iot[`${operation}Command`] as unknown as typeof DescribeThingCommand
    try {
      const { $metadata, ...json } = await client.send(new AnyCommand(input as never))
      return { ok: true, json }
    } catch (thrown) {
      return describeThrown(thrown, target)
    }
  }
}
