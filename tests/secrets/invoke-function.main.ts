import { writeFile } from 'node:fs/promises'
import { json } from 'node:stream/consumers'

const FUNCTIONS = {
  credentials: () => import('@thingpass/functions/credentials/credentials.main'),
  authorizer: () => import('@thingpass/functions/authorizer/authorizer.main'),
  control: () => import('@thingpass/functions/control/control.main'),
} as const

const CONTEXT = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 10_000 }

/**
 * Feeds a deployed function, wired by its own main, the events on standard input (a JSON list), one after the other. The answers go to the file
 * that the second argument names, so that standard output and error hold what the function itself writes; what it throws, as Lambda
 * would, goes to standard error.
 */
const [name = '', file = ''] = process.argv.slice(2)
const found = await FUNCTIONS[name as keyof typeof FUNCTIONS]()
const handler = found.handler as (event: unknown, context: unknown) => Promise<unknown>
const answers: unknown[] = []
for (const event of (await json(process.stdin)) as readonly unknown[]) {
  try {
    answers.push(await handler(event, CONTEXT))
  } catch (thrown) {
    process.stderr.write(`${thrown instanceof Error ? describe(thrown) : String(thrown)}\n`)
    answers.push('thrown')
  }
}
await writeFile(file, JSON.stringify(answers), { mode: 0o600 })

/** Lambda logs all of these. */
function describe(thrown: Error): string {
  const { name: errorType, message: errorMessage, stack, cause } = thrown
  return JSON.stringify({ errorType, errorMessage, stack, cause: String(cause) })
}
