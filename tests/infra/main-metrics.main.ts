/**
 * Starts a function as Lambda does, in the environment of this process, and asks it once. Argument: the file of its main, and the event
 * as JSON. What it logs is what is looked at.
 */
const [file = '', event = '{}'] = process.argv.slice(2)
const { handler } = await import(file)
await handler(JSON.parse(event), { awsRequestId: 'invocation' })
