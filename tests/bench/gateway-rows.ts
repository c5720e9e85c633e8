import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { LoadDone, LoadOrder, ServerKind } from './gateway/messages.ts'
import { pointedAt, type Side, type Sides } from './lambda/build-sides.ts'
import { comparison, type Limit, type Row } from './row.ts'
import type { Pair } from './statistics.ts'
import type { Pki } from './world/start-world.ts'
import { startUpstream } from './world/upstream.ts'

/** What section e is measured with. */
export type GatewayMeasurement = {
  readonly sides: Sides
  readonly pki: Pki
  readonly quick: boolean
  readonly say: (line: string) => void
}

/** Two processes, so that the server and not its clients is what holds the rate. */
const CLIENTS = 2
const WORKERS = 4
const PACE = {
  full: { blocks: 24, milliseconds: 400 },
  quick: { blocks: 6, milliseconds: 250 },
}

const atLeast = (value: number): Limit => ({ kind: 'atLeast', value })

type Contest = {
  readonly ours: ServerKind
  readonly base: ServerKind
  readonly mode: LoadOrder['mode']
  readonly what: string
  readonly limit: Limit
}

const CONTESTS: readonly Contest[] = [
  {
    ...{ ours: 'constant', base: 'bare', mode: 'cold' },
    ...{ what: 'gateway: new connections', limit: atLeast(0.8) },
  },
  {
    ...{ ours: 'constant', base: 'bare', mode: 'keepAlive' },
    ...{ what: 'gateway: requests on open connections', limit: atLeast(0.5) },
  },
  {
    ...{ ours: 'credentials', base: 'calls', mode: 'keepAlive' },
    ...{ what: 'gateway: credentials', limit: atLeast(0.9) },
  },
]

/** Section e. */
export async function gatewayRows(measurement: GatewayMeasurement): Promise<readonly Row[]> {
  const { sides, pki, quick, say } = measurement
  const pace = quick ? PACE.quick : PACE.full
  const upstream = await startUpstream(sides.recordings, sides.services)
  const children: ChildProcess[] = []
  const start = async (file: string, words: readonly string[], environment: object) => {
    const child = fork(fileURLToPath(new URL(file, import.meta.url)), words, {
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    children.push(child)
    return { child, told: await ask<{ readonly port: number }>(child, pki) }
  }
  const serve = async (kind: ServerKind): Promise<Server> => {
    const side: Side = kind === 'calls' ? sides.bare : (sides.bundles[0] ?? sides.bare)
    const { environment } = pointedAt(side, upstream.url).function
    const { child, told } = await start('gateway/server.main.ts', [kind], environment)
    return { child, port: told.port }
  }
  try {
    const clients = await Promise.all(
      Array.from(
        { length: CLIENTS },
        async () => (await start('gateway/load.main.ts', [], {})).child,
      ),
    )
    const rows: Row[] = []
    for (const contest of CONTESTS) {
      say(`e: ${pace.blocks} blocks, ${contest.what}`)
      const servers = { ours: await serve(contest.ours), base: await serve(contest.base) }
      rows.push(...(await contestRows(contest, { servers, clients, pace })))
      for (const { child } of Object.values(servers)) child.kill()
    }
    return rows
  } finally {
    for (const child of children) child.kill()
    await upstream.close()
  }
}

type Server = { readonly child: ChildProcess; readonly port: number }
type Arena = {
  readonly servers: { readonly ours: Server; readonly base: Server }
  readonly clients: readonly ChildProcess[]
  readonly pace: { readonly blocks: number; readonly milliseconds: number }
}
type Block = { readonly rate: number; readonly cpu: number }

async function contestRows(contest: Contest, arena: Arena): Promise<readonly Row[]> {
  const { servers, pace } = arena
  const block = (server: Server) => loadBlock(server, contest.mode, arena)
  await block(servers.ours) // warm
  await block(servers.base)
  const rounds: { readonly ours: Block; readonly base: Block }[] = []
  for (let round = 0; round < pace.blocks; round++) {
    const first = round % 2 === 0 ? servers.ours : servers.base
    const second = first === servers.ours ? servers.base : servers.ours
    const results = new Map([
      [first, await block(first)],
      [second, await block(second)],
    ])
    rounds.push({
      ours: results.get(servers.ours) as Block,
      base: results.get(servers.base) as Block,
    })
  }
  const pairs = (read: (block: Block) => number): readonly Pair[] =>
    rounds.map(({ ours, base }) => ({ ours: read(ours), base: read(base) }))
  const { what, limit } = contest
  const line = { section: 'e' } as const
  return [
    comparison(
      { ...line, what, unit: '/s', limit },
      pairs(({ rate }) => rate),
    ),
    comparison(
      { ...line, what: `${what}: CPU of one`, unit: 'ms' },
      pairs(({ cpu }) => cpu),
    ),
  ]
}

async function loadBlock(
  { child, port }: Server,
  mode: LoadOrder['mode'],
  { clients, pace }: Arena,
): Promise<Block> {
  const order: LoadOrder = { port, mode, workers: WORKERS, milliseconds: pace.milliseconds }
  const before = await ask<Usage>(child, {})
  const done = await Promise.all(clients.map((client) => ask<LoadDone>(client, order)))
  const after = await ask<Usage>(child, {})
  const requests = done.reduce((sum, each) => sum + each.requests, 0)
  return {
    rate: done.reduce((sum, each) => sum + (each.requests / each.milliseconds) * 1000, 0),
    cpu: (after.cpuMilliseconds - before.cpuMilliseconds) / requests,
  }
}

type Usage = { readonly cpuMilliseconds: number }

/** Sends a message and waits for the answer. */
async function ask<Answer>(child: ChildProcess, message: object): Promise<Answer> {
  const ended = new AbortController()
  const exit = once(child, 'exit', { signal: ended.signal }).then(() => {
    throw new Error('a process of the bench has ended')
  })
  exit.catch(() => undefined)
  const answer = once(child, 'message', { signal: ended.signal })
  child.send(message)
  try {
    const [told] = await Promise.race([answer, exit])
    return told
  } finally {
    ended.abort()
  }
}
