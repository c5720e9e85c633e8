import type { Region } from '@thingpass/core/names'
import type { Clock } from '@thingpass/core/ports'
import type { CallLimits } from '../call-settings.ts'
import type { StaticCredentials } from '../clients.ts'
import { type FailureKind, serviceFailure } from '../service-failure.ts'
import { type LeanService, resolveEndpoint } from './endpoint.ts'
import { createRetryQuota } from './retry-quota.ts'
import { createServiceClock } from './service-clock.ts'
import { createSigner, type SigningScope } from './sign.ts'
import { createWire, type Wire, type WireRequest } from './wire.ts'
import type { WireAnswer } from './wire-answer.ts'
import { wireFailure } from './wire-failure.ts'

/** With what a service is called. */
export type LeanOptions = {
  readonly region: Region
  readonly credentials: StaticCredentials
  readonly clock: Clock
  /** 0 ≤ x < 1, for the pause before a retry. */
  readonly random: () => number
  /** Base URL of another endpoint than the region's own. */
  readonly endpoint?: string
  readonly limits?: CallLimits
}

/** One service, as its adapter calls it. */
export type ServiceCall = {
  readonly service: LeanService
  readonly limits: CallLimits
  readonly largestAnswerBytes: number
}

/** Calls a service: signed, bounded and retried. */
export type SignedCall = {
  /** Gives what `read` makes of the answer; what `read` throws is a failure of the call and may lead to a retry. */
  readonly send: <Result>(
    request: WireRequest,
    signal: AbortSignal,
    read: (answer: WireAnswer) => Result,
  ) => Promise<Result>
  readonly close: () => void
}

/** Failures that a second attempt may not meet. */
const PASSING: ReadonlySet<FailureKind> = new Set([
  'timeout',
  'unreachable',
  'throttled',
  'server-error',
])

/**
 * Longest pause before a second attempt, in milliseconds; it is drawn between 0 and this.
 * Source: smithy-typescript, delays of its standard retry strategy.
 */
const PAUSE_MS = { throttled: 1000, other: 50 }

/**
 * Makes the calls of one service.
 * @throws {Fault} CONFIGURATION_INVALID, as `resolveEndpoint`
 */
export function createSignedCall(options: LeanOptions, call: ServiceCall): SignedCall {
  const { service, limits } = call
  const { region, credentials, random } = options
  const endpoint = resolveEndpoint(service, region, options.endpoint)
  const wire = createWire({ ...call, endpoint })
  const attempt = createAttempt(
    wire,
    { service, region, credentials, host: endpoint.host },
    options,
  )
  const quota = createRetryQuota()
  const mayRetry = ({ passing, kind }: FailedAttempt, attempts: number): boolean =>
    passing && attempts < limits.maxAttempts && quota.take(kind)
  const send: SignedCall['send'] = async (request, signal, read) => {
    let outcome = await attempt(request, signal, read)
    for (let attempts = 1; !outcome.ok && mayRetry(outcome, attempts); attempts++) {
      const longestMs = outcome.kind === 'throttled' ? PAUSE_MS.throttled : PAUSE_MS.other
      await pause(random() * longestMs, signal)
      outcome = await attempt(request, signal, read)
    }
    if (!outcome.ok) throw outcome.thrown
    quota.refill()
    return outcome.result
  }
  return { send, close: wire.close }
}

type FailedAttempt = {
  readonly ok: false
  readonly thrown: unknown
  readonly kind: FailureKind
  /** Whether another attempt may not meet the same. */
  readonly passing: boolean
}

type Attempt<Result> = { readonly ok: true; readonly result: Result } | FailedAttempt

/**
 * Makes single attempts. Where our credentials are refused and the service's clock is far from ours, the clock is to blame: the next signature
 * goes by the service's.
 */
function createAttempt(wire: Wire, scope: SigningScope, { clock }: LeanOptions) {
  const serviceClock = createServiceClock(clock)
  const sign = createSigner(scope)
  return async <Result>(
    request: WireRequest,
    signal: AbortSignal,
    read: (answer: WireAnswer) => Result,
  ): Promise<Attempt<Result>> => {
    let date: string | undefined
    try {
      const answer = await wire.post(sign(request, serviceClock.now()), signal)
      date = answer.date
      return { ok: true, result: read(answer) }
    } catch (thrown) {
      const { kind } = serviceFailure(thrown)
      const clockCorrected = kind === 'credentials-refused' && serviceClock.correct(date)
      const passing = (PASSING.has(kind) || clockCorrected) && !signal.aborted
      return { ok: false, thrown, kind, passing }
    }
  }
}

/** @throws {Error} named `AbortError` as soon as the signal aborts */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', giveUp)
      resolve()
    }, milliseconds)
    signal.addEventListener('abort', giveUp)
    function giveUp(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', giveUp)
      reject(wireFailure({ name: 'AbortError' }))
    }
  })
}
