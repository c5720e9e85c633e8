import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from './materialise-platform.ts'

const files = readdirSync(path.join(ROOT, 'infra'))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => [name, readFileSync(path.join(ROOT, 'infra', name), 'utf8')] as const)
const declaring = files.filter(([, text]) => /\bnew (?:aws|sst)\./.test(text))

test.each(declaring)(
  '%s begins with what exists in the account and who may do what',
  (_name, text) => {
    const header = /^\/\*\n(?: \*[^\n]*\n)+ \*\/\n/.exec(text)?.[0] ?? ''
    expect(header).toMatch(/^\/\*\n \* In the account[:,]/)
    expect(header).toMatch(/\n \* May: /)
  },
)
