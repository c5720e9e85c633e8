/** One policy of a role. */
export type RolePolicy = {
  readonly roleArn: string
  /** Name of an inline policy, or ARN of a managed one. */
  readonly policy: string
  readonly document: string
}

/** The calls of IAM that are needed, as its SDK has them. */
export type IamCalls = {
  readonly send: (operation: string, input: object) => Promise<Readonly<Record<string, unknown>>>
}

/** IAM's client where it is installed: it is no dependency of this program. */
export async function loadIam(options: {
  readonly region?: string
  readonly profile?: string
}): Promise<IamCalls | undefined> {
  const name: string = '@aws-sdk/client-iam'
  try {
    const sdk: Readonly<Partial<Record<string, new (input: object) => never>>> = await import(name)
    const { IAMClient: Client } = sdk
    if (Client === undefined) return undefined
    const client: { send: (command: unknown) => Promise<Readonly<Record<string, unknown>>> } =
      new Client(options)
    return {
      send: async (operation, input) => {
        const Command = sdk[`${operation}Command`]
        if (Command === undefined) throw new Error(`IAM's client has no ${operation}`)
        return client.send(new Command(input))
      },
    }
  } catch {
    return undefined
  }
}

/** Reads the policies of roles: inline ones, and the customer's managed ones. AWS's own never name a key of a device. */
export async function readRolePolicies(
  iam: IamCalls,
  roleArns: readonly string[],
): Promise<readonly RolePolicy[]> {
  const policies: RolePolicy[] = []
  for (const roleArn of roleArns) {
    const RoleName = roleArn.slice(roleArn.lastIndexOf('/') + 1)
    for (const PolicyName of await listTexts(iam, 'ListRolePolicies', { RoleName }, namesOf)) {
      const { PolicyDocument } = await iam.send('GetRolePolicy', { RoleName, PolicyName })
      policies.push({ roleArn, policy: PolicyName, document: decode(PolicyDocument) })
    }
    for (const arn of await listTexts(iam, 'ListAttachedRolePolicies', { RoleName }, arnsOf)) {
      if (arn.includes(':iam::aws:')) continue
      policies.push({ roleArn, policy: arn, document: await readManaged(iam, arn) })
    }
  }
  return policies
}

type Answer = Readonly<Record<string, unknown>>

async function listTexts(
  iam: IamCalls,
  operation: string,
  input: object,
  pick: (answer: Answer) => readonly unknown[],
): Promise<readonly string[]> {
  const texts: string[] = []
  let Marker: unknown
  do {
    const answer: Answer = await iam.send(operation, { ...input, Marker })
    texts.push(...pick(answer).filter((each) => typeof each === 'string'))
    Marker = answer.IsTruncated === true ? answer.Marker : undefined
  } while (Marker !== undefined)
  return texts
}

function namesOf({ PolicyNames }: Answer): readonly unknown[] {
  return Array.isArray(PolicyNames) ? PolicyNames : []
}

function arnsOf({ AttachedPolicies }: Answer): readonly unknown[] {
  const policies: readonly unknown[] = Array.isArray(AttachedPolicies) ? AttachedPolicies : []
  return policies.map((each) => memberOf(each, 'PolicyArn'))
}

async function readManaged(iam: IamCalls, PolicyArn: string): Promise<string> {
  const { Policy } = await iam.send('GetPolicy', { PolicyArn })
  const VersionId = memberOf(Policy, 'DefaultVersionId')
  const { PolicyVersion } = await iam.send('GetPolicyVersion', { PolicyArn, VersionId })
  return decode(memberOf(PolicyVersion, 'Document'))
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

/** IAM answers with documents that are percent-encoded. Source: IAM API reference, GetRolePolicy. */
function decode(document: unknown): string {
  return typeof document === 'string' ? decodeURIComponent(document) : ''
}
