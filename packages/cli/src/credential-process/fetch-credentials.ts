import type { IncomingHttpHeaders } from 'node:http'
import { type Exchanged, exchange, type Origin, type TlsMaterial } from '../http/exchange.ts'
import { describeNetworkCode } from '../http/network-problem.ts'
import {
  type DeviceCredentials,
  memberOf,
  parseJson,
  readDeviceCredentials,
} from './device-credentials.ts'

/** What a device asks for, and of whom. */
export type CredentialSource = {
  readonly origin: Origin
  readonly roleAlias: string
  readonly thingName?: string
  readonly tls: TlsMaterial
}

/** Credentials, or one line on why there are none and how long not to ask again. */
export type Fetched =
  | { readonly ok: true; readonly credentials: DeviceCredentials }
  | { readonly ok: false; readonly message: string; readonly holdSeconds: number }

/** As the AWS clients have it: 2 s to connect, 5 s for all. Their answers end at 2048 bytes; errors of gateways may be longer. */
const LIMITS = { connectMilliseconds: 2000, totalMilliseconds: 5000, bodyBytes: 16_384 }

/** What is refused stays refused until somebody changes something; what is busy may come back; a network may come back any moment. */
const HOLD_SECONDS = { refused: 60, busy: 15, unreachable: 5 }
const LONGEST_HOLD_SECONDS = 300

/** Asks once for credentials. Never rejects. */
export async function fetchCredentials(source: CredentialSource): Promise<Fetched> {
  return judgeAnswer(await exchange(credentialRequest(source)))
}

/** The request of a device, as AWS's clients make it: the alias goes into the path as it is, which its characters allow. */
export function credentialRequest({ origin, roleAlias, thingName, tls }: CredentialSource) {
  return {
    ...{ origin, method: 'GET', target: `/role-aliases/${roleAlias}/credentials` },
    headers: thingName === undefined ? {} : { 'x-amzn-iot-thingname': thingName },
    ...{ tls, limits: LIMITS },
  }
}

/** Judges what came back. */
export function judgeAnswer(exchanged: Exchanged): Fetched {
  if (!exchanged.ok) return failed(describeNetworkCode(exchanged.code), HOLD_SECONDS.unreachable)
  const { status, headers, body } = exchanged
  const text = body.toString('utf8')
  const credentials = status === 200 ? readDeviceCredentials(text) : undefined
  if (credentials !== undefined) return { ok: true, credentials }
  if (status === 200) return failed('the answer holds no credentials', HOLD_SECONDS.busy)
  return failed(`HTTP ${status}${wordsOf(text)}${idOf(headers)}`, holdOf(status, headers))
}

function failed(message: string, holdSeconds: number): Fetched {
  return { ok: false, message, holdSeconds }
}

function holdOf(status: number, headers: IncomingHttpHeaders): number {
  const mayComeBack = status >= 500 || status === 408 || status === 429
  if (!mayComeBack) return HOLD_SECONDS.refused
  const asked = /^\d{1,6}$/.test(headers['retry-after'] ?? '') ? Number(headers['retry-after']) : 0
  return asked > 0 ? Math.min(asked, LONGEST_HOLD_SECONDS) : HOLD_SECONDS.busy
}

/** What the server says, one line of plain characters: it ends up in terminals and logs. */
function wordsOf(body: string): string {
  const message = memberOf(parseJson(body), 'message')
  const plain = typeof message === 'string' ? message.replace(/[^ -~]/g, '?').slice(0, 200) : ''
  return plain === '' ? '' : `, ${plain}`
}

function idOf(headers: IncomingHttpHeaders): string {
  const id = headers['x-amzn-requestid']
  return typeof id === 'string' && /^[\w=-]{1,128}$/.test(id) ? ` (request ${id})` : ''
}
