import { randomUUID } from 'node:crypto'
import { asFault } from '@thingpass/core/fault'
import type { Clock } from '@thingpass/core/ports'
import type { RawRequest } from '../sigv4/raw-request.ts'
import { errorAnswer, refuse, type StsAnswer, type StsRefusal, successAnswer } from './answer.ts'
import { assumeRole, type OperationOutcome } from './assume-role.ts'
import { type BrokerCredentials, createAuthentication } from './authenticate.ts'
import { assumedRoleId, roleParts, type StsCaller, sessionArn } from './caller.ts'
import { type Form, readForm } from './form.ts'
import type { ReadRoles } from './roles-file.ts'
import { createSessionKeyring } from './session-keys.ts'

/** A request as the local STS takes it. */
export type StsRequest = RawRequest & {
  /** Textual IP address of the client. */
  readonly sourceIp: string
}

/** What the local STS is made of. */
export type LocalStsSettings = {
  /** 12 digits. */
  readonly accountId: string
  /** Region that callers sign for. */
  readonly region: string
  /** `aws` unless given. */
  readonly partition?: string
  /** Role whose session the broker is, such as `thingpass-credentials`. */
  readonly brokerRoleName: string
  readonly brokerCredentials: BrokerCredentials
  readonly roles: ReadRoles
  /** At least 32 bytes; the same key after a restart keeps issued sessions valid. */
  readonly signingKey: Uint8Array
  readonly clock: Clock
  /** Takes one line for the operator about a failure of the service; it holds no secret. */
  readonly log: (line: string) => void
}

const API_VERSION = '2011-06-15'

type Operation = (form: Form, caller: StsCaller, request: StsRequest) => OperationOutcome

/**
 * Creates the local STS: AssumeRole and GetCallerIdentity over the query protocol. It never throws: what was not foreseen
 * is an InternalFailure, and never a grant.
 * @throws {Fault} CONFIGURATION_INVALID when the signing key is too short
 */
export function createLocalSts(settings: LocalStsSettings): (request: StsRequest) => StsAnswer {
  const { accountId, partition = 'aws', brokerRoleName, roles, clock, log } = settings
  const keyring = createSessionKeyring(settings.signingKey)
  const brokerRoleArn = `arn:${partition}:iam::${accountId}:role/${brokerRoleName}`
  const authenticate = createAuthentication({ ...settings, brokerRoleArn, keyring })
  const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
    [
      'AssumeRole',
      (form, caller, { sourceIp }) =>
        assumeRole(form, { caller, roles: roles(), keyring, now: clock(), sourceIp }),
    ],
    ['GetCallerIdentity', (form, caller) => getCallerIdentity(form, caller)],
  ])
  return (request) => {
    const requestId = randomUUID()
    try {
      return answerOf(request, requestId, operations, authenticate)
    } catch (thrown) {
      const { code, message } = asFault(thrown)
      log(`local STS: ${code}: ${message}`)
      return errorAnswer(INTERNAL_FAILURE, requestId)
    }
  }
}

/** For what fails on our side: the log has the reason. */
const INTERNAL_FAILURE = refuse(
  'InternalFailure',
  'The request processing has failed because of an internal failure.',
)

function answerOf(
  request: StsRequest,
  requestId: string,
  operations: ReadonlyMap<string, Operation>,
  authenticate: ReturnType<typeof createAuthentication>,
): StsAnswer {
  const read = readForm(request)
  if (!read.ok) return errorAnswer(read, requestId)
  const action = read.form.get('Action')
  if (action === undefined) return errorAnswer(MISSING_ACTION, requestId)
  const version = read.form.get('Version')
  const operation = version === API_VERSION ? operations.get(action) : undefined
  if (operation === undefined) return errorAnswer(unknownAction(action, version), requestId)
  const authentication = authenticate(request)
  if (!authentication.ok) return errorAnswer(authentication, requestId)
  const outcome = operation(read.form, authentication.caller, request)
  return outcome.ok
    ? successAnswer(action, outcome.result, requestId)
    : errorAnswer(outcome, requestId)
}

const MISSING_ACTION = refuse('MissingAction', 'The request must contain the parameter Action.')

function unknownAction(action: string, version = 'NO_VERSION_SPECIFIED'): StsRefusal {
  const shown = `${action.slice(0, 64)} for version ${version.slice(0, 64)}`
  return refuse('InvalidAction', `Could not find operation ${shown}`)
}

function getCallerIdentity(form: Form, caller: StsCaller): OperationOutcome {
  if (form.size !== 2) {
    return refuse('ValidationError', 'GetCallerIdentity takes no parameters.')
  }
  return {
    ok: true,
    result: {
      Arn: sessionArn(caller.roleArn, caller.sessionName),
      UserId: assumedRoleId(caller.roleArn, caller.sessionName),
      Account: roleParts(caller.roleArn).accountId,
    },
  }
}
