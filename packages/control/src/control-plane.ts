import { asFault } from '@thingpass/core/fault'
import type { TenantId } from '@thingpass/core/names'
import { renderAnswer } from './answer.ts'
import { errorOfFault, type Result, refuse } from './api-error.ts'
import { createArns } from './arn.ts'
import type { ControlAnswer, ControlRequest } from './control-request.ts'
import type { Prepared } from './operation.ts'
import { OPERATIONS } from './operation-table.ts'
import type { ControlPorts } from './ports.ts'
import { createRouter } from './route.ts'
import { splitTenantPath } from './tenant-path.ts'

/** Answers one call of the control plane. It never throws. */
export type ControlPlane = (request: ControlRequest) => Promise<ControlAnswer>

type Runnable = Extract<Prepared, { readonly ok: true }> & { readonly tenantId: TenantId }

/** Makes the control plane over its ports. */
export function createControlPlane(ports: ControlPorts): ControlPlane {
  const matchRoute = createRouter(OPERATIONS)
  const arns = createArns(ports.settings.deployment)

  function prepare(request: ControlRequest): Runnable | Refusal {
    const split = splitTenantPath(request.path)
    if (split === undefined) return UNKNOWN
    const match = matchRoute(request.method, split.path)
    if (match.kind === 'unknown') return UNKNOWN
    if (match.kind === 'label-malformed') return MALFORMED
    const prepared = match.route.prepare({ request, labels: match.labels })
    return prepared.ok ? { ...prepared, tenantId: split.tenantId } : prepared
  }

  async function answer(request: ControlRequest): Promise<Result> {
    const prepared = prepare(request)
    if (!prepared.ok) return prepared
    const { callerArn, sourceIp } = request
    const registry = ports.registryFor(callerArn)
    const context = { registry, arns, callerArn, sourceIp, ports }
    if (prepared.scope === 'deployment') return prepared.run(context)
    const { tenantId, run } = prepared
    const description = await registry.getTenant(tenantId)
    if (description === undefined) {
      return refuse('ResourceNotFoundException', `Tenant ${tenantId} does not exist`)
    }
    return run({ ...context, tenant: description.record })
  }

  return async (request) => {
    const { requestId } = request
    try {
      return renderAnswer(await answer(request), requestId)
    } catch (thrown) {
      const fault = asFault(thrown)
      ports.reportFault(fault, requestId)
      return renderAnswer({ ok: false, error: errorOfFault(fault) }, requestId)
    }
  }
}

type Refusal = Extract<Result, { readonly ok: false }>

/** Source: AWS common errors. Which of path and method is unknown is not told apart. */
const UNKNOWN: Refusal = refuse(
  'UnknownOperationException',
  'The requested operation does not exist',
)
const MALFORMED: Refusal = refuse('InvalidRequestException', 'The request path is not valid')
