import type { CommandIo } from '../command-io.ts'
import { readTextFile } from '../read-text-file.ts'
import { describeRolePolicy } from './describe-role-policy.ts'
import type { FleetReader } from './fleet-reader.ts'
import { type RolePolicyCalls, readRolePolicies } from './iam-policies.ts'
import { describeRefusal } from './service-refusal.ts'

type Shown = 'all-readable' | 'some-unreadable' | 'no-file'

/** Shows role policies that lie in files. */
export async function showRolePolicyFiles(
  paths: readonly string[],
  { out, err }: Pick<CommandIo, 'out' | 'err'>,
): Promise<Shown> {
  let shown: Shown = 'all-readable'
  for (const path of paths) {
    const file = await readTextFile(path)
    if ('problem' in file) {
      err(`thingpass: ${file.problem}\n`)
      return 'no-file'
    }
    const { text, readable } = describeRolePolicy(path, file.text)
    out(text)
    if (!readable) shown = 'some-unreadable'
  }
  return shown
}

/** Shows the policies of the roles that role aliases name, read from IAM. */
export async function showIamRolePolicies(
  roleAliases: FleetReader['role-aliases'],
  iam: RolePolicyCalls,
  { out, err }: Pick<CommandIo, 'out' | 'err'>,
): Promise<Shown> {
  try {
    const policies = await readRolePolicies(iam, await rolesOf(roleAliases))
    const described = policies.map(({ roleArn, policy, document }) =>
      describeRolePolicy(`${roleArn} ${policy}`, document),
    )
    out(described.map(({ text }) => text).join(''))
    return described.every(({ readable }) => readable) ? 'all-readable' : 'some-unreadable'
  } catch (thrown) {
    err(`thingpass: roles could not be read: ${describeRefusal(thrown)}\n`)
    return 'some-unreadable'
  }
}

async function rolesOf(read: FleetReader['role-aliases']): Promise<readonly string[]> {
  const roles = new Set<string>()
  for await (const { entries } of read()) {
    for (const { load } of entries) {
      const record = await load()
      if (record.kind === 'role-alias') roles.add(record.roleArn)
    }
  }
  return [...roles]
}
