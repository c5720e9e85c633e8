import { type PolicyDocument, parsePolicyDocument } from '@thingpass/core/policy/document'
import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '@thingpass/core/policy/json'
import { accept, type Parsed, parseEach, refuse } from '@thingpass/core/policy/parsed'
import { roleParts, type StsCaller, sessionArn } from './caller.ts'
import { jsonText } from './json-text.ts'

/** One statement of a trust policy: whom it names, and the rest as a document that the policy engine evaluates. */
export type TrustStatement = {
  readonly principals: readonly Principal[]
  readonly document: PolicyDocument
}

/** Whom a statement names. Services and identity providers never call here, and so never match. */
export type Principal =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'account'; readonly accountId: string }
  | { readonly kind: 'arn'; readonly arn: string }
  | { readonly kind: 'other' }

/**
 * How a statement names a caller: itself, so that the statement alone can grant; or its account, which leaves the grant to
 * the caller's own policies.
 * Source: IAM User Guide, "AWS JSON policy elements: Principal".
 */
export type Naming = 'directly' | 'by-account'

const STATEMENT_KEYS = new Set(['Sid', 'Effect', 'Principal', 'Action', 'NotAction', 'Condition'])
const ACCOUNT = /^\d{12}$/
const ACCOUNT_ROOT = /^arn:aws[a-z-]*:iam::(\d{12}):root$/
const PRINCIPAL_ARN = /^arn:aws[a-z-]*:(?:iam|sts)::\d{12}:[^\s*?]{1,1024}$/

/** Parses a role's trust policy. Nothing is skipped: what cannot be read makes the whole policy unreadable. */
export function parseTrustPolicy(json: JsonValue): Parsed<readonly TrustStatement[]> {
  if (!isJsonObject(json)) return refuse('a trust policy must be an object')
  const list = listOf(json.get('Statement') ?? [])
  if (list.length === 0) return refuse('a trust policy needs a Statement')
  return parseEach(list, (item, index) => {
    const statement = parseStatement(json, item)
    if (statement.ok) return statement
    // Each statement is parsed as a document of its own, where it is the first.
    return refuse(`Statement[${index}]: ${statement.problem.replace(/^Statement\[0\](?:: )?/, '')}`)
  })
}

/** How a statement names a caller; undefined when it does not. */
export function namingOf(statement: TrustStatement, caller: StsCaller): Naming | undefined {
  const names = statement.principals.map((principal) => matchPrincipal(principal, caller))
  return names.includes('directly') ? 'directly' : names.find((naming) => naming !== undefined)
}

function matchPrincipal(principal: Principal, caller: StsCaller): Naming | undefined {
  if (principal.kind === 'everyone') return 'directly'
  if (principal.kind === 'account') {
    return principal.accountId === roleParts(caller.roleArn).accountId ? 'by-account' : undefined
  }
  if (principal.kind === 'other') return undefined
  const ofCaller = [caller.roleArn, sessionArn(caller.roleArn, caller.sessionName)]
  return ofCaller.includes(principal.arn) ? 'directly' : undefined
}

function parseStatement(policy: JsonObject, statement: JsonValue): Parsed<TrustStatement> {
  if (!isJsonObject(statement)) return refuse('a statement must be an object')
  const foreign = foreignKey(statement, STATEMENT_KEYS)
  if (foreign !== undefined)
    return refuse(`a statement of a trust policy has no element ${foreign}`)
  const principals = parsePrincipals(statement.get('Principal'))
  if (!principals.ok) return principals
  const judged = new Map(statement).set('Resource', '*')
  judged.delete('Principal')
  const text = jsonText(new Map(policy).set('Statement', [judged]))
  const parsed = parsePolicyDocument(text, 'iam')
  if (!parsed.ok) return parsed
  return accept({ principals: principals.value, document: parsed.document })
}

/** One item may stand without its brackets. */
function listOf(json: JsonValue): readonly JsonValue[] {
  return isJsonArray(json) ? json : [json]
}

function foreignKey(object: JsonObject, known: ReadonlySet<string>): string | undefined {
  const foreign = [...object.keys()].find((key) => !known.has(key))
  return foreign === undefined ? undefined : JSON.stringify(foreign.slice(0, 64))
}

function parsePrincipals(json: JsonValue | undefined): Parsed<readonly Principal[]> {
  if (json === '*') return accept([{ kind: 'everyone' }])
  if (json === undefined || !isJsonObject(json) || json.size === 0) {
    return refuse('a statement of a trust policy must have a Principal')
  }
  const principals = parseEach([...json], ([kind, names]) =>
    parseEach(listOf(names), (name) => parsePrincipal(kind, name)),
  )
  return principals.ok ? accept(principals.value.flat()) : principals
}

function parsePrincipal(kind: string, name: JsonValue): Parsed<Principal> {
  if (typeof name !== 'string') return refuse('a principal must be a string')
  if (kind === 'Service' || kind === 'Federated') return accept({ kind: 'other' })
  if (kind !== 'AWS') return refuse('a principal must be of kind AWS, Service or Federated')
  if (name === '*') return accept({ kind: 'everyone' })
  const accountId = ACCOUNT.test(name) ? name : ACCOUNT_ROOT.exec(name)?.[1]
  if (accountId !== undefined) return accept({ kind: 'account', accountId })
  if (PRINCIPAL_ARN.test(name)) return accept({ kind: 'arn', arn: name })
  return refuse('a principal must be "*", an account, or an ARN without wildcards')
}
