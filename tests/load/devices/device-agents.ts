import { Agent, type AgentOptions } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { TLSSocket } from 'node:tls'
import type { ConnectionKind } from '../measure/sample.ts'

/** Connections of a fleet, and how each came to be. */
export type DeviceAgents = {
  /** For a device that has just been switched on: a full handshake, and the connection ends with the answer. */
  readonly cold: () => Agent
  /** For devices that keep their connections open. */
  readonly kept: Agent
  /** For devices that connect anew and resume their TLS session. */
  readonly resuming: Agent
  /** For devices that meet no server: as `cold`, trying until there is one. `refused` is called for each connection that was not had. */
  readonly patient: (refused: () => void) => Agent
  /** How the connection of a request came to be; to be asked once for each request. */
  readonly connectionOf: (socket: Socket) => ConnectionKind
}

/** Backing off: a random time up to this, doubled with each failure. Source: AWS Architecture Blog, "Exponential Backoff And Jitter" (full jitter). */
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 4000
const LONGEST_PATIENCE_MS = 120_000

type Connect = (
  options: object,
  callback: (error: Error | null, socket?: Duplex) => void,
) => Duplex | undefined

/** Makes the agents of a fleet of so many devices; each keeps apart what different certificates connect. */
export function createDeviceAgents(devices: number, random: () => number): DeviceAgents {
  const uses = new WeakMap<Socket, number>()
  const cold = () => new Agent({ keepAlive: false, maxCachedSessions: 0 })
  const remembering: AgentOptions = { maxCachedSessions: devices }
  return {
    cold,
    kept: new Agent({ ...remembering, keepAlive: true }),
    resuming: new Agent({ ...remembering, keepAlive: false }),
    patient: (refused) => {
      const agent = cold()
      const connect = connectOf(agent)
      setConnect(agent, connectPatiently(connect, { refused, random }))
      return agent
    },
    connectionOf: (socket) => {
      const used = uses.get(socket) ?? 0
      uses.set(socket, used + 1)
      if (used > 0) return 'kept'
      return socket instanceof TLSSocket && socket.isSessionReused() ? 'resumed' : 'full'
    },
  }
}

function connectOf(agent: Agent): Connect {
  return (Reflect.get(agent, 'createConnection') as Connect).bind(agent)
}

function setConnect(agent: Agent, connect: Connect): void {
  Reflect.set(agent, 'createConnection', connect)
}

/** Connects again and again, as a device does whose service is away; the socket is handed over once its handshake is done. */
function connectPatiently(
  connect: Connect,
  { refused, random }: { readonly refused: () => void; readonly random: () => number },
): Connect {
  return (options, callback) => {
    const until = Date.now() + LONGEST_PATIENCE_MS
    const attempt = async (pauseMs: number): Promise<void> => {
      const outcome = await connectOnce(connect, options)
      if (!(outcome instanceof Error)) return callback(null, outcome)
      if (Date.now() > until) return callback(outcome)
      refused()
      await sleep(random() * pauseMs)
      return attempt(Math.min(pauseMs * 2, LONGEST_PAUSE_MS))
    }
    void attempt(FIRST_PAUSE_MS)
    return undefined
  }
}

function connectOnce(connect: Connect, options: object): Promise<Duplex | Error> {
  return new Promise((resolve) => {
    const socket = connect(options, () => undefined)
    if (socket === undefined) return resolve(new Error('no socket'))
    socket.once('error', resolve)
    socket.once('secureConnect', () => {
      socket.removeListener('error', resolve)
      resolve(socket)
    })
  })
}
