import type { Socket } from 'node:net'
import type { ConnectionKind, Sample } from '../measure/sample.ts'
import type { DeviceAgents } from './device-agents.ts'

/** Where artillery tells what happens; of all it tells, only that an answer has begun. */
export type Events = {
  readonly on: (
    event: 'trace:http:response',
    listener: (answer: { readonly socket: Socket }, uuid: string) => void,
  ) => unknown
}

/** Remembers how the connection of each request came to be: a kept connection is no longer the answer's when that has ended. */
export function createConnectionLog(connectionOf: DeviceAgents['connectionOf']) {
  const watched = new WeakSet<Events>()
  const kinds = new Map<string, ConnectionKind>()
  return {
    watch: (events: Events) => {
      if (watched.has(events)) return
      watched.add(events)
      events.on('trace:http:response', ({ socket }, uuid) => {
        kinds.set(uuid, connectionOf(socket))
      })
    },
    take: (uuid: string): Pick<Sample, 'connection'> => {
      const connection = kinds.get(uuid)
      kinds.delete(uuid)
      return connection === undefined ? {} : { connection }
    },
  }
}
