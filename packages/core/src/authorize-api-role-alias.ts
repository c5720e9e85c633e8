import { authenticate } from './authenticate.ts'
import {
  type ApiCircumstances,
  type ApiFacts,
  type ApiRequest,
  apiContext,
} from './authorize-api.ts'
import { judgeRoleAlias } from './judge-policies.ts'
import type { RoleAlias } from './names.ts'
import { resolveThing } from './resolve-thing.ts'

/**
 * Whether the policies of a device let it assume a role alias. They alone are asked, so that the answer is the same whether the alias
 * exists or not.
 */
export function mayAssumeRoleAlias(
  request: Omit<ApiRequest, 'route'>,
  facts: ApiFacts,
  circumstances: Pick<ApiCircumstances, 'now' | 'deployment'> & { readonly roleAlias: RoleAlias },
): boolean {
  const { now, deployment, roleAlias } = circumstances
  const authentication = authenticate(request.certificate, facts, now)
  if (!authentication.allow) return false
  const resolution = resolveThing(request.thingHeader, facts.thing, authentication)
  if (!resolution.allow) return false
  const { thing } = resolution
  const { tenantId } = authentication.tenant
  const context = apiContext(request, { tenantId, thing }, now)
  const question = { policies: facts.policies, thing, context }
  return judgeRoleAlias(question, deployment, roleAlias).refusal === undefined
}
