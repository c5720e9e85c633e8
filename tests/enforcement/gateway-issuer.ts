import { createStsClient, type StaticCredentials } from '@thingpass/aws/clients'
import { createStsIssuer } from '@thingpass/aws/sts/issuer'
import { Fault } from '@thingpass/core/fault'
import type { Region } from '@thingpass/core/names'
import type { Clock, IssueCredentials } from '@thingpass/core/ports'

const ROLE_IN_ACCOUNT = /^(arn:aws:iam::)(\d{12})(:role\/.+)$/
const SESSION_WITHOUT_ACCOUNT = /^(arn:aws:sts::)(:assumed-role\/.+\/(.+))$/

/** What the issuer is made of. */
export type GatewayIssuerParts = {
  /** Base URL of the object gateway. */
  readonly endpoint: string
  readonly region: Region
  readonly credentials: StaticCredentials
  readonly clock: Clock
}

/**
 * Makes the deployed issuer, over an object gateway in place of AWS. The gateway has no accounts, so the account id is taken out of
 * the role's ARN on the way out and put into the session's on the way back, where the issuer looks for it; tags and external id are sent as ever, and the gateway makes nothing of them.
 * `issueCredentials` throws a Fault for a session without a session policy: with the role of this lane it would reach everything.
 */
export function createGatewayIssuer(parts: GatewayIssuerParts): {
  readonly issueCredentials: IssueCredentials
  readonly close: () => void
} {
  const { clock, ...options } = parts
  const client = createStsClient(options)
  client.middlewareStack.add(
    (next) => async (call) => {
      const { output, ...rest } = await next({ ...call, input: withoutAccount(call.input) })
      return { ...rest, output: withAccount(output, call.input) }
    },
    { step: 'initialize', name: 'roleWithoutAccount' },
  )
  const issue = createStsIssuer({ client, clock })
  return {
    issueCredentials: async (request, deadline) => {
      const scoped = request.policy !== undefined && request.policy !== ''
      if (!scoped) throw new Fault('UNEXPECTED', 'a session was to be issued without its policy')
      return issue(request, deadline)
    },
    close: () => client.destroy(),
  }
}

/** @throws {Fault} UNEXPECTED when the role is not one of an account: then something other than the handler asks */
function withoutAccount<Input extends object>(input: Input): Input {
  const { RoleArn } = input as { readonly RoleArn?: string }
  const [, before, , after] = ROLE_IN_ACCOUNT.exec(RoleArn ?? '') ?? []
  if (before === undefined) throw new Fault('UNEXPECTED', 'a session was to be issued for no role')
  return { ...input, RoleArn: `${before}${after}` }
}

/**
 * Makes AWS's answer of the gateway's: puts the role's account into the session's ARN, where the gateway has none, and an id beside it, which the
 * gateway writes under another name. Role and session stay the answer's own; whatever is no such ARN stays as it is.
 */
function withAccount<Output extends object>(output: Output, input: object): Output {
  const { AssumedRoleUser: user } = output as { readonly AssumedRoleUser?: { Arn?: string } }
  const [, , account] = ROLE_IN_ACCOUNT.exec((input as { RoleArn?: string }).RoleArn ?? '') ?? []
  const [, before, after, sessionName] = SESSION_WITHOUT_ACCOUNT.exec(user?.Arn ?? '') ?? []
  if (before === undefined) return output
  const AssumedRoleId = `AROAGATEWAY:${sessionName}`
  return { ...output, AssumedRoleUser: { Arn: `${before}${account}${after}`, AssumedRoleId } }
}
