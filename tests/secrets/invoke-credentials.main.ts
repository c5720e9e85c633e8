import { writeFile } from 'node:fs/promises'
import { json } from 'node:stream/consumers'
import { handler } from '@thingpass/functions/credentials/credentials.main'

/**
 * Feeds the deployed credentials function, wired by its own main, the events on standard input (a JSON list), one after the other. The answers go
 * to the file that the argument names, so that standard output and error hold what the function itself writes.
 */
const [file = ''] = process.argv.slice(2)
const answers: unknown[] = []
for (const event of (await json(process.stdin)) as readonly never[]) {
  answers.push(await handler(event, { awsRequestId: 'request-1' } as never))
}
await writeFile(file, JSON.stringify(answers), { mode: 0o600 })
