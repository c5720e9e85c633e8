import type { ProgramState, Resource } from './program-state.ts'

/** One statement of a policy, with lists where JSON may have one thing alone. */
export type PolicyStatement = {
  readonly Sid: string
  readonly Effect: string
  readonly Action: readonly string[]
  readonly Resource: readonly string[]
  readonly Condition?: unknown
}

/** Resources of a type, in order of their names. */
export const ofType = ({ resources }: ProgramState, type: string): readonly Resource[] =>
  resources.filter((resource) => resource.type === type)

/** The one resource of a type, or of a type and name. */
export function only(state: ProgramState, type: string, name?: string): Resource {
  const found = ofType(state, type).filter((each) => name === undefined || each.name === name)
  const [resource] = found
  if (resource === undefined || found.length > 1) {
    throw new Error(`there are ${found.length} of ${type} ${name ?? ''}`)
  }
  return resource
}

/** Whether the second front door is open. */
export const hasLoadBalancer = (state: ProgramState): boolean =>
  ofType(state, 'aws:lb/loadBalancer:LoadBalancer').length > 0

const listOf = <Value>(value: Value | readonly Value[]): readonly Value[] =>
  Array.isArray(value) ? value : [value as Value]

/** All statements that a role's own policies have. */
export function statementsOf(role: Resource): readonly PolicyStatement[] {
  const policies: readonly { readonly policy: string }[] = role.inputs.inlinePolicies ?? []
  return policies.flatMap(({ policy }) =>
    listOf(JSON.parse(policy).Statement).map((statement) => ({
      ...statement,
      Action: listOf(statement.Action),
      Resource: listOf(statement.Resource),
    })),
  )
}
