/** What is examined, in this order. */
export type CheckName =
  | 'files'
  | 'key'
  | 'certificate'
  | 'host name'
  | 'DNS'
  | 'TCP'
  | 'TLS'
  | 'client certificate'
  | 'credentials'
  | 'clock'
  | 'answer size'
  | 'expiration'
  | 'decision'

/** What one check found. A note is worth knowing and keeps nothing from working; `left out` needs what is not there. */
export type Finding = {
  readonly check: CheckName
  readonly verdict: 'ok' | 'problem' | 'note' | 'left out'
  /** One line for people. */
  readonly told: string
  /** What to do about it. */
  readonly advice?: string
}

/** All is well. */
export function ok(check: CheckName, told: string): Finding {
  return { check, verdict: 'ok', told }
}

/** Something keeps the device from its credentials. */
export function problem(check: CheckName, told: string, advice: string): Finding {
  return { check, verdict: 'problem', told, advice }
}

/** Worth knowing. */
export function note(check: CheckName, told: string, advice: string): Finding {
  return { check, verdict: 'note', told, advice }
}

/** Could not be examined. */
export function leftOut(check: CheckName, told: string): Finding {
  return { check, verdict: 'left out', told }
}

/** Findings as lines of text; the last one counts the problems. */
export function describeFindings(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ check, verdict, told, advice }) => [
    `${verdict.padEnd(9)} ${check.padEnd(18)} ${told}`,
    ...(advice === undefined ? [] : [`${' '.repeat(29)}${advice}`]),
  ])
  return `${[...lines, countProblems(findings)].join('\n')}\n`
}

function countProblems(findings: readonly Finding[]): string {
  const count = findings.filter(({ verdict }) => verdict === 'problem').length
  return `${count === 0 ? 'no' : count} ${count === 1 ? 'problem' : 'problems'}`
}
