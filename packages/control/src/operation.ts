import type { TenantRecord } from '@thingpass/core/records'
import type { RegistryWrites } from '@thingpass/core/registry-writes'
import { type ApiErrorCode, type Result, refuse } from './api-error.ts'
import type { Arns } from './arn.ts'
import { type InputOf, type InputSource, type Members, readInput } from './members.ts'
import type { ControlPorts } from './ports.ts'
import type { Route } from './route.ts'

/** What an operation acts with: the caller's tenant, and the registry in the caller's name. */
export type OperationContext = DeploymentContext & { readonly tenant: TenantRecord }

/** What an operation of the administrator acts with: no tenant is the caller's, and none need be there. */
export type DeploymentContext = {
  readonly registry: RegistryWrites
  readonly arns: Arns
  readonly callerArn: string
  readonly sourceIp: string
  readonly ports: ControlPorts
}

/** Codes that every operation may answer with, beside its own. Faults have theirs. */
export type CommonErrorCode = 'InvalidRequestException'

/** One row of the operation table, as it is written. */
export type OperationRow<
  Input extends Members,
  Code extends ApiErrorCode,
  Context = OperationContext,
> = Route & {
  /** AWS's name; for our own routes a name in its manner. */
  readonly name: string
  readonly input: Input
  /** Codes beside the common ones. */
  readonly errors: readonly Code[]
  /** Whether unknown members of the body are refused: so on our own routes. */
  readonly strict?: boolean
  readonly run: (input: InputOf<Input>, context: Context) => Promise<Result<Code | CommonErrorCode>>
}

/** One row of the operation table, as it is called. */
export type Operation = Route & {
  readonly name: string
  readonly errors: readonly ApiErrorCode[]
  /** Reads the input; nothing can run before the input is valid. */
  readonly prepare: (source: InputSource) => Prepared
}

/** An operation whose input was read, or why it was not. */
export type Prepared =
  | {
      readonly ok: true
      readonly scope: 'tenant'
      readonly run: (context: OperationContext) => Promise<Result>
    }
  | {
      readonly ok: true
      readonly scope: 'deployment'
      readonly run: (context: DeploymentContext) => Promise<Result>
    }
  | Extract<Result<CommonErrorCode>, { readonly ok: false }>

/** Takes a row into the table. The compiler holds `run` to the errors that the row declares. */
export function defineOperation<
  const Input extends Members,
  const Code extends ApiErrorCode = never,
>(row: OperationRow<Input, Code>): Operation {
  return operationOf(row, (run) => ({ ok: true, scope: 'tenant', run }))
}

/** Takes a row of the administrator's into the table. Its route lies where no tenant's prefix leads. */
export function defineDeploymentOperation<
  const Input extends Members,
  const Code extends ApiErrorCode = never,
>(row: OperationRow<Input, Code, DeploymentContext>): Operation {
  return operationOf(row, (run) => ({ ok: true, scope: 'deployment', run }))
}

function operationOf<Input extends Members, Code extends ApiErrorCode, Context>(
  row: OperationRow<Input, Code, Context>,
  prepared: (run: (context: Context) => Promise<Result>) => Prepared,
): Operation {
  const { name, method, path, errors, input: members, strict = false } = row
  return {
    name,
    method,
    path,
    errors,
    prepare: (source) => {
      const reading = readInput(members, source, { strict })
      return reading.ok
        ? prepared((context) => row.run(reading.input, context))
        : refuse('InvalidRequestException', reading.message)
    },
  }
}
