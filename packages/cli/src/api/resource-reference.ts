import type { OperationName } from './api-command.ts'
import type { Reader, Reading } from './option-readers.ts'
import type { SendApi } from './send-api.ts'

const CERTIFICATE_ID = /^[0-9a-f]{64}$/

/** What each kind of ARN is found by. */
const KINDS: ReadonlyMap<string, Finding> = new Map<string, Finding>([
  [
    'cert',
    {
      operation: 'DescribeCertificate',
      member: 'certificateId',
      arn: 'certificateDescription.certificateArn',
    },
  ],
  [
    'thinggroup',
    { operation: 'DescribeThingGroup', member: 'thingGroupName', arn: 'thingGroupArn' },
  ],
  [
    'rolealias',
    {
      operation: 'DescribeRoleAlias',
      member: 'roleAlias',
      arn: 'roleAliasDescription.roleAliasArn',
    },
  ],
])

type Finding = {
  readonly operation: OperationName
  readonly member: string
  /** Path of the ARN in the answer. */
  readonly arn: string
}

/**
 * The ARN of a certificate, group or role alias, which may be given as it is, by a certificate's id, or by the end of the ARN
 * (`thinggroup/on-site`). Account and region are the control plane's to say, so it is asked.
 */
export const reference: Reader = {
  read: (given, send) => {
    const name = String(given)
    if (name.startsWith('arn:')) return { value: name }
    return findArn(CERTIFICATE_ID.test(name) ? `cert/${name}` : name, send)
  },
}

async function findArn(shown: string, send: SendApi): Promise<Reading> {
  const [, kind = '', name = ''] = /^([a-z]+)\/(.+)$/s.exec(shown) ?? []
  const finding = KINDS.get(kind)
  if (finding === undefined) return { problem: PROBLEM }
  const { operation, member, arn } = finding
  const answer = await send({ operation, input: { [member]: name } })
  if ('problem' in answer || !answer.ok) return answer
  const found = memberAt(answer.json, arn)
  return typeof found === 'string' ? { value: found } : { problem: `${shown} has no ARN` }
}

const PROBLEM =
  'takes an ARN, a certificate id, thinggroup/<name>, rolealias/<name> or cert/<certificate id>'

/** The value at a path of members with dots between them; undefined where a part of it is missing. */
export function memberAt(json: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce(
      (value: unknown, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? Reflect.get(value, name)
          : undefined,
      json,
    )
}
