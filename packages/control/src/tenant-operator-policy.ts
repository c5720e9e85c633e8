import { DEFAULT_TENANT, type TenantId } from '@thingpass/core/names'

/** Which API Gateway stage a control plane is behind. */
export type ControlApi = {
  /** Such as `aws`. */
  readonly partition: string
  readonly region: string
  /** 12 digits. */
  readonly accountId: string
  readonly apiId: string
  readonly stage: string
}

/** An IAM policy document. */
export type OperatorPolicy = {
  readonly Version: '2012-10-17'
  readonly Statement: readonly {
    readonly Sid: string
    readonly Effect: 'Allow' | 'Deny'
    readonly Action: 'execute-api:Invoke'
    readonly Resource: readonly string[]
  }[]
}

/**
 * Each by its name: `*` for the method would match `GET/t/other` just as well, for in IAM it reaches over slashes, and let a path such as
 * `/t/other/t/own/…` through.
 * Source: API Gateway developer guide, api-gateway-control-access-using-iam-policies-to-invoke-api.
 */
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/**
 * Makes the IAM policy of a tenant's operators: everything under `/t/<tenant>/`, and nothing else. Operators of `default`, which has no prefix,
 * may call everything but what is under `/t/` and `/thingpass/tenants`.
 */
export function tenantOperatorPolicy(tenantId: TenantId, api: ControlApi): OperatorPolicy {
  const { partition, region, accountId, apiId, stage } = api
  const prefix = `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/${stage}`
  const resources = (...paths: readonly string[]) =>
    paths.flatMap((path) => METHODS.map((method) => `${prefix}/${method}${path}`))
  const statement = (Sid: string, Effect: 'Allow' | 'Deny', Resource: readonly string[]) =>
    ({ Sid, Effect, Action: 'execute-api:Invoke', Resource }) as const
  const Version = '2012-10-17'
  if (tenantId !== DEFAULT_TENANT) {
    return { Version, Statement: [statement('OwnTenant', 'Allow', resources(`/t/${tenantId}/*`))] }
  }
  return {
    Version,
    Statement: [
      statement('DefaultTenant', 'Allow', resources('/*')),
      statement('NeitherOthersNorTenants', 'Deny', resources('/t/*', '/thingpass/tenants*')),
    ],
  }
}
