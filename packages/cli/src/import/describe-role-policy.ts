import { printableText } from '../table/printable-text.ts'
import { rewriteRolePolicy } from './rewrite-role-policy.ts'

/** A role's policy as people are shown it, and whether it could be judged. */
export type DescribedRolePolicy = { readonly text: string; readonly readable: boolean }

/** Shows a role's policy with what has to change in it, and whole as it has to be; one line where nothing has to. */
export function describeRolePolicy(name: string, document: string): DescribedRolePolicy {
  const rewritten = rewriteRolePolicy(document)
  const title = printableText(name)
  if ('problem' in rewritten) {
    return { text: `${title}: cannot be rewritten: ${rewritten.problem}\n`, readable: false }
  }
  const { keys, document: changed } = rewritten
  if (keys.length === 0) {
    return { text: `${title}: names no credentials-iot key, stays as it is\n`, readable: true }
  }
  const changes = keys.map(({ from, to }) => `  ${printableText(from)} -> ${printableText(to)}\n`)
  return {
    text: `${title}: ${keys.length} to rewrite\n${changes.join('')}${changed}\n`,
    readable: true,
  }
}
