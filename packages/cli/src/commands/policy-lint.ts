import type { CommandIo, ExitCode } from '../command-io.ts'
import { type LintOptions, lintPolicy } from '../lint/lint-policy.ts'
import { readTextFile } from '../read-text-file.ts'

/** What `policy lint` is told beside the file. */
export type PolicyLintOptions = {
  readonly session?: boolean
  readonly rolePolicy?: string
  readonly json?: boolean
}

/** Prints the findings of a policy file, one a line; exit code 1 when there is one. */
export async function lintPolicyFile(
  path: string,
  options: PolicyLintOptions,
  { out, err }: CommandIo,
): Promise<ExitCode> {
  const file = await readTextFile(path)
  const role = await readRolePolicy(options.rolePolicy)
  if ('problem' in file) return refuse(file.problem, err)
  if ('problem' in role) return refuse(role.problem, err)
  const findings = lintPolicy(file.text, { ...role, session: isSession(options) })
  if (options.json === true) {
    out(`${JSON.stringify(findings)}\n`)
  } else {
    out(findings.map(({ place, rule, message }) => `${place}: ${rule}: ${message}\n`).join(''))
    out(`${findings.length} findings\n`)
  }
  return findings.length === 0 ? 0 : 1
}

function refuse(problem: string, err: CommandIo['err']): ExitCode {
  err(`thingpass: ${problem}\n`)
  return 2
}

/** Only a session policy is held against a role. */
function isSession({ session, rolePolicy }: PolicyLintOptions): boolean {
  return session === true || rolePolicy !== undefined
}

async function readRolePolicy(
  path: string | undefined,
): Promise<Pick<LintOptions, 'rolePolicy'> | { readonly problem: string }> {
  if (path === undefined) return {}
  const read = await readTextFile(path)
  return 'problem' in read ? read : { rolePolicy: read.text }
}
