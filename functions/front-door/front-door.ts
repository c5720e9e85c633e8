import { Fault } from '@thingpass/core/fault'
import type { Answer } from '../credentials/answer.ts'
import type { DeviceRequest } from './device-request.ts'

/** What Lambda says of an invocation, beside the event. */
export type Invocation = { readonly awsRequestId?: unknown }

/**
 * What stands between a function and the device: how its events are read, and how it takes an answer. The wiring of a function
 * chooses one; the shape of an event never does, because a caller may shape what one front door sends like what another would.
 */
export type FrontDoor<Event, Result> = {
  /** @throws {Fault} EVENT_UNREADABLE */
  readonly read: (event: Event, invocation: Invocation | undefined) => DeviceRequest
  /** The request's id, also where the event cannot be read; undefined where there is none. */
  readonly requestIdOf: (event: Event | null, invocation: Invocation | undefined) => unknown
  readonly write: (answer: Answer) => Result
}

/** Takes a member of an event that must be text. @throws {Fault} EVENT_UNREADABLE */
export function textOf(value: unknown, what: string): string {
  if (typeof value === 'string') return value
  throw new Fault('EVENT_UNREADABLE', `the event's ${what} is not text`)
}
