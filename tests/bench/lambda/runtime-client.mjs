/**
 * A runtime client of the bench's own, for machines on which aws-lambda-ric cannot be built: asks for an event, calls the
 * handler, posts its answer, one after the other. Used for both sides of a ratio alike.
 *   node runtime-client.mjs <file>.<export>
 */
import { request } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [file, name] = process.argv[2].split('.')
const base = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`

/** @returns {Promise<{ headers: import('node:http').IncomingHttpHeaders, text: string }>} */
const call = (method, path, body) =>
  new Promise((resolve, reject) => {
    const asked = request(`${base}${path}`, { method }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      answer.on('end', () => resolve({ headers: answer.headers, text }))
    })
    asked.on('error', reject)
    asked.end(body)
  })

const module = await import(pathToFileURL(join(process.cwd(), `${file}.mjs`)).href)
for (;;) {
  const { headers, text } = await call('GET', '/invocation/next')
  const id = headers['lambda-runtime-aws-request-id']
  const context = { awsRequestId: id, getRemainingTimeInMillis: () => 10_000 }
  try {
    const answer = await module[name](JSON.parse(text), context)
    await call('POST', `/invocation/${id}/response`, JSON.stringify(answer))
  } catch (failure) {
    await call('POST', `/invocation/${id}/error`, JSON.stringify({ errorMessage: String(failure) }))
  }
}
