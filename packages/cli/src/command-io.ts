/** Where a command reads and writes; the program hands in the process's own, tests their own. */
export type CommandIo = {
  /** Takes text for standard output, whole lines. */
  readonly out: (text: string) => void
  /** Takes text for standard error, whole lines. */
  readonly err: (text: string) => void
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** How a command ends: 0 = done, 1 = the answer is negative, 2 = it was not used as it should be. */
export type ExitCode = 0 | 1 | 2

/** Something that the person at the keyboard can mend; shown as one line, exit code 2. */
export type UsageProblem = { readonly problem: string }
