import { mayAssumeRoleAlias } from '@thingpass/core/authorize-api-role-alias'
import { asFault, type Fault } from '@thingpass/core/fault'
import { parseRoleAlias, type RoleAlias } from '@thingpass/core/names'
import type { Deployment } from '@thingpass/core/request'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { createJournal } from '../credentials/journal.ts'
import { fromApiGatewayV2, type ReceivedEventV2 } from '../front-door/api-gateway-v2.ts'
import { type IdentifyPorts, identifyDevice } from '../identity/identify-device.ts'
import { type ReadDevicePorts, readDevice } from '../identity/read-device.ts'

/** What `GET /whoami` needs from outside. */
export type WhoamiPorts = IdentifyPorts &
  ReadDevicePorts & {
    readonly reportFault: (fault: Fault, requestId: string) => void
    /** Monotonic milliseconds. */
    readonly stopwatch: () => number
    readonly settings: IdentifyPorts['settings'] & { readonly deployment: Deployment }
  }

/** The members that are read of an HTTP API event behind the authorizer. */
export type WhoamiEvent = ReceivedEventV2 & {
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>> | undefined
  readonly requestContext?: {
    readonly authorizer?: { readonly lambda?: Readonly<Record<string, unknown>> | null } | undefined
  }
}

/**
 * Makes the Lambda handler of `GET /whoami` behind the authorizer: who the device is, and with `?roleAlias=x` whether its policies let
 * it assume x, which says nothing of whether x exists. Without the authorizer in front it answers 403.
 */
export function createWhoamiHandler(ports: WhoamiPorts) {
  return async (event: WhoamiEvent): Promise<APIGatewayProxyStructuredResultV2> => {
    const identity = identityOf(event)
    if (identity === undefined) return answerOf(403, { message: 'Forbidden' })
    const roleAlias = event.queryStringParameters?.roleAlias
    if (roleAlias === undefined) return answerOf(200, identity)
    try {
      const mayAssume = await mayAssumeAlias(ports, event, identity.certificateId, roleAlias)
      return answerOf(200, { ...identity, roleAlias, mayAssume })
    } catch (thrown) {
      ports.reportFault(asFault(thrown), String(event.requestContext?.requestId))
      return answerOf(500, { message: 'Internal Server Error' })
    }
  }
}

type Identity = Readonly<Record<string, string>> & { readonly certificateId: string }

/** The authorizer's words, where only API Gateway writes. */
function identityOf(event: WhoamiEvent): Identity | undefined {
  const told = event.requestContext?.authorizer?.lambda ?? {}
  const { certificateId } = told
  if (typeof certificateId !== 'string') return undefined
  const texts = Object.entries(told).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return { ...Object.fromEntries(texts), certificateId }
}

/** The policies are read again: the authorizer tells who somebody is, not what else they may. */
async function mayAssumeAlias(
  ports: WhoamiPorts,
  event: WhoamiEvent,
  certificateId: string,
  alias: string,
): Promise<boolean> {
  const roleAlias = parseRoleAlias(alias)
  const request = fromApiGatewayV2(event)
  const journal = createJournal(ports.stopwatch)
  const device = identifyDevice(ports, request, journal)
  if ('kind' in device || roleAlias === undefined) return false
  const certificate = device.certificate.facts
  if (certificate.certificateId !== certificateId) return false
  return judge(ports, { ...request, ...device, certificate }, { roleAlias, device, journal })
}

async function judge(
  ports: WhoamiPorts,
  request: Parameters<typeof mayAssumeRoleAlias>[0],
  {
    roleAlias,
    device,
    journal,
  }: {
    readonly roleAlias: RoleAlias
    readonly device: Parameters<typeof readDevice>[1]
    readonly journal: ReturnType<typeof createJournal>
  },
): Promise<boolean> {
  const facts = await readDevice(ports, device, { journal, roleAlias: undefined })
  const { deployment } = ports.settings
  return mayAssumeRoleAlias(request, facts, { now: ports.clock(), deployment, roleAlias })
}

function answerOf(statusCode: number, body: object): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  }
}
