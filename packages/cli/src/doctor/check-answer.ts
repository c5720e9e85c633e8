import {
  memberOf,
  parseJson,
  readDeviceCredentials,
} from '../credential-process/device-credentials.ts'
import type { Exchanged } from '../http/exchange.ts'
import { describeNetworkCode } from '../http/network-problem.ts'
import { adviceFor } from './answer-guide.ts'
import { type Finding, leftOut, note, ok, problem } from './finding.ts'

/** Source: awslabs/aws-c-auth source/credentials_provider_x509.c (X509_RESPONSE_SIZE_LIMIT). */
const LARGEST_BODY_BYTES = 2048
/** Greengrass never keeps what lasts no longer than this. Source: aws-greengrass-nucleus TokenExchangeService. */
const SHORTEST_KEPT_SECONDS = 300

/** Judges the answer to a request for credentials; the credentials themselves go no further. */
export function checkAnswer(exchanged: Exchanged, asked: Date, answered: Date): readonly Finding[] {
  if (!exchanged.ok) return [checkFailure(exchanged.code)]
  const { status, headers, body } = exchanged
  const clock = checkClock(headers.date, asked, answered)
  if (status !== 200) return [checkRefusal(status, body, headers['x-amzn-requestid']), clock]
  const credentials = readDeviceCredentials(body.toString('utf8'))
  if (credentials === undefined) {
    const advice = 'Something else answers at this host. Is it the right host and port?'
    return [problem('credentials', 'the answer holds no credentials', advice), clock]
  }
  return [
    ok('credentials', `access key ${credentials.accessKeyId}`),
    clock,
    checkSize(body.length),
    checkExpiration(expirationOf(body), answered),
  ]
}

function checkFailure(code: string): Finding {
  const advice =
    'A gateway that closes the connection here refuses the certificate: its truststore does not know the CA.'
  return problem('credentials', describeNetworkCode(code), advice)
}

function checkRefusal(status: number, body: Buffer, requestId: unknown): Finding {
  const given = memberOf(parseJson(body.toString('utf8')), 'message')
  const message = typeof given === 'string' ? given : undefined
  // It ends up in a terminal.
  const plain = message === undefined ? '' : `, ${message.replace(/[^ -~]/g, '?').slice(0, 200)}`
  const known = typeof requestId === 'string' && /^[\w=-]{1,128}$/.test(requestId)
  const why = known ? ` The operator learns more from: thingpass why ${requestId}` : ''
  return problem('credentials', `HTTP ${status}${plain}`, `${adviceFor(status, message)}${why}`)
}

const GOOD_CLOCK_SECONDS = 30
/** Source: AWS IAM User Guide, "Troubleshoot signed requests": most services refuse what is signed five minutes off. */
const WORST_CLOCK_SECONDS = 300

function checkClock(header: string | undefined, asked: Date, answered: Date): Finding {
  const server = Date.parse(header ?? '')
  if (Number.isNaN(server)) return leftOut('clock', 'the answer has no Date to compare with')
  const middle = (asked.getTime() + answered.getTime()) / 2
  const aheadSeconds = Math.round((middle - server) / 1000)
  const seconds = Math.abs(aheadSeconds)
  const told = `this machine's clock is ${seconds} s ${aheadSeconds < 0 ? 'behind' : 'ahead of'} the server's`
  if (seconds <= GOOD_CLOCK_SECONDS) return ok('clock', told)
  if (seconds < WORST_CLOCK_SECONDS) return note('clock', told, 'Let it follow NTP.')
  return problem('clock', told, 'Let it follow NTP: AWS refuses what is signed five minutes off.')
}

function checkSize(bytes: number): Finding {
  const told = `${bytes} of ${LARGEST_BODY_BYTES} bytes`
  if (bytes <= LARGEST_BODY_BYTES) return ok('answer size', told)
  const advice = "AWS's SDKs read no more than that. Use fewer or shorter session tags."
  return problem('answer size', told, advice)
}

function expirationOf(body: Buffer): string {
  return String(memberOf(memberOf(parseJson(body.toString('utf8')), 'credentials'), 'expiration'))
}

const AWS_FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/

function checkExpiration(expiration: string, now: Date): Finding {
  const seconds = Math.floor((Date.parse(expiration) - now.getTime()) / 1000)
  if (!(seconds > 0)) {
    const told = `${expiration} is past by this machine's clock`
    return problem('expiration', told, 'Clients throw such credentials away. Check the clock.')
  }
  if (!AWS_FORM.test(expiration)) {
    const advice = 'Kinesis Video clients take whole seconds only: YYYY-MM-DDTHH:MM:SSZ.'
    return problem('expiration', `${expiration} is not of AWS's form`, advice)
  }
  if (seconds <= SHORTEST_KEPT_SECONDS) {
    return note('expiration', `in ${seconds} s`, 'Greengrass keeps nothing that is so short-lived.')
  }
  return ok('expiration', `${expiration}, in ${seconds} s`)
}
