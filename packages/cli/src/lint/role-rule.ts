import type { Finding } from './finding.ts'
import { mayOverlap } from './overlap.ts'
import type { StatementView } from './policy-view.ts'

/**
 * Finds what a session policy allows and the role does not, so that no device ever gets it: an entry of an Allow that overlaps with no
 * Allow of the role. Conditions, and entries by exception, are taken to fit.
 */
export function lintAgainstRole(
  session: readonly StatementView[],
  role: readonly StatementView[],
): readonly Finding[] {
  const granted = role.filter(({ effect }) => effect === 'Allow')
  return session
    .filter(({ effect }) => effect === 'Allow')
    .flatMap((statement) =>
      pairsOf(statement)
        .filter(({ action, resource }) => !granted.some((allow) => allows(allow, action, resource)))
        .map(({ action, resource }) => ({
          rule: 'role-does-not-allow' as const,
          place: statement.place,
          message: `the role never allows ${action} on ${resource}, so the session has it neither`,
        })),
    )
}

function pairsOf({ actions, resources }: StatementView) {
  return actions.flatMap((action) => resources.map((resource) => ({ action, resource })))
}

function allows(allow: StatementView, action: string, resource: string): boolean {
  const ofAction = allow.actions.some((pattern) =>
    mayOverlap(pattern.toLowerCase(), action.toLowerCase()),
  )
  const ofResource = allow.resources.some((pattern) => mayOverlap(pattern, resource))
  return (ofAction || allow.notActions.length > 0) && (ofResource || allow.notResources.length > 0)
}
