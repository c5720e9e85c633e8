import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Resource } from './program-state.ts'
import { createRecorder } from './record-program.ts'

/**
 * Stands in for the `pulumi` that `sst diff` starts. It knows `version`, `stack init organization/<app>/<stage>`, which writes an empty checkpoint,
 * and `preview --stack … --event-log <file>`, which runs the program and says that all of it is to be created.
 * Source: sst 4.17.1, pkg/project/stack.go, run.go; Pulumi 3.215.0, engine events.
 */
const [command, ...rest] = process.argv.slice(2)
const option = (name: string): string => rest[rest.indexOf(name) + 1] ?? ''
const workDirectory = process.cwd() // the program leaves it
const checkpointOf = (app: string, stage: string): string =>
  path.resolve(workDirectory, '.pulumi/stacks', app, `${stage}.json`)

if (command === 'version') process.stdout.write('v3.215.0\n')
else if (command === 'stack') initialise(rest[1] ?? '')
else if (command === 'preview') process.exitCode = await preview()
else throw new Error(`no stand-in for pulumi ${command}`)
process.removeAllListeners('exit') // Pulumi's would fail a program that was refused half way
process.exit()

function initialise(stack: string): void {
  const [, app = '', stage = ''] = stack.split('/')
  const file = checkpointOf(app, stage)
  mkdirSync(path.dirname(file), { recursive: true })
  const manifest = { time: new Date().toISOString(), magic: '', version: '' }
  const latest = { manifest, resources: [] }
  writeFileSync(file, JSON.stringify({ version: 3, checkpoint: { stack, latest } }))
}

async function preview(): Promise<number> {
  const [, app = '', stage = ''] = option('--stack').split('/')
  const emit = createEventLog(option('--event-log'))
  const main = /main: (.*)/.exec(readFileSync('Pulumi.yaml', 'utf8'))?.[1]?.trim() ?? ''
  const region = process.env.SST_AWS_REGION ?? 'us-east-1'
  const rejected = new Promise<never>((_resolve, reject) => {
    process.on('unhandledRejection', reject)
  })
  const program = async () => (await import(pathToFileURL(main).href)).default
  try {
    const run = createRecorder()({ app, stage, region }, program)
    const { resources } = await Promise.race([run, rejected])
    for (const resource of resources) emit({ resOutputsEvent: creationOf(resource) })
    keepLinks(checkpointOf(app, stage), resources)
    emit(summaryOf({ create: resources.length }))
    return 0
  } catch (error) {
    const message = error instanceof Error ? String(error.stack) : String(error)
    process.stderr.write(`${message}\n`)
    const diagnostic = { urn: '', prefix: 'error: ', message, color: 'raw', severity: 'error' }
    emit({ diagnosticEvent: diagnostic })
    emit(summaryOf({}))
    return 1
  } finally {
    emit({ cancelEvent: {} })
  }
}

function createEventLog(file: string): (event: object) => void {
  let sequence = 0
  return (event) => {
    sequence += 1
    const timestamp = Math.floor(Date.now() / 1000)
    appendFileSync(file, `${JSON.stringify({ sequence, timestamp, ...event })}\n`)
  }
}

function summaryOf(resourceChanges: object) {
  return {
    summaryEvent: { maybeCorrupt: false, durationSeconds: 1, resourceChanges, PolicyPacks: {} },
  }
}

function creationOf({ type, urn = '', custom, parent = '', inputs }: Resource) {
  const shared = { type, urn, provider: '' }
  return {
    metadata: {
      ...shared,
      op: 'create',
      old: null,
      new: { ...shared, custom, id: '', parent, inputs, outputs: inputs },
      detailedDiff: null,
      logical: true,
    },
    planning: true,
  }
}

/** The command writes `sst-env.d.ts` from the links it finds in the checkpoint. */
function keepLinks(file: string, resources: readonly Resource[]): void {
  const state = JSON.parse(readFileSync(file, 'utf8'))
  state.checkpoint.latest.resources = resources
    .filter(({ type }) => type === 'sst:sst:LinkRef')
    .map(({ urn, type, inputs, outputs = {} }) => ({ urn, custom: false, type, inputs, outputs }))
  writeFileSync(file, JSON.stringify(state))
}
