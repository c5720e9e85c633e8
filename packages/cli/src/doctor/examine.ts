import type { ExplainOutcome } from '../commands/explain.ts'
import {
  type CredentialSource,
  credentialRequest,
} from '../credential-process/fetch-credentials.ts'
import type { Exchanged, Origin, OutgoingRequest, TlsMaterial } from '../http/exchange.ts'
import { describeNetworkCode } from '../http/network-problem.ts'
import { REASON_GUIDE } from '../why/reason-guide.ts'
import type { CertificateRequest } from './certificate-request.ts'
import { checkAnswer } from './check-answer.ts'
import { checkHostName } from './check-host-name.ts'
import { checkIdentity, type DeviceFiles } from './check-identity.ts'
import { type Finding, leftOut, note, ok, problem } from './finding.ts'
import type { Handshake, Tried } from './tls-probe.ts'

/** Whom to examine: a device's files, and where it connects. */
export type Patient = {
  readonly files: DeviceFiles
  readonly origin: Origin
  /** CA to trust in place of the usual ones, PEM. */
  readonly ca?: string
  /** Absent: no credentials are asked for. */
  readonly roleAlias?: string
  readonly thingName?: string
}

/** What examining needs of the world. */
export type DoctorPorts = {
  readonly resolve: (hostname: string) => Promise<Tried<{ readonly addresses: readonly string[] }>>
  readonly tryTcp: (origin: Origin) => Promise<Tried<object>>
  readonly tryTls: (origin: Origin, tls: TlsMaterial) => Promise<Tried<Handshake>>
  readonly tryCertificateRequest: (origin: Origin) => Promise<Tried<CertificateRequest>>
  readonly exchange: (outgoing: OutgoingRequest) => Promise<Exchanged>
  /** Asks a control plane what it would decide; absent where none is named. */
  readonly explain?: () => Promise<ExplainOutcome>
  readonly clock: () => Date
}

/** Examines from the inside out. What rests on something broken is left out. */
export async function examine(patient: Patient, ports: DoctorPorts): Promise<readonly Finding[]> {
  const identity = checkIdentity(patient.files, ports.clock())
  // A key that does not fit ends every handshake; a certificate that is merely unwelcome does not.
  const usable = identity.some(({ check, verdict }) => check === 'key' && verdict !== 'problem')
  const hostName = checkHostName(patient.origin.hostname)
  const network = await checkNetwork(patient, ports, usable)
  const decision = await checkDecision(ports.explain)
  return [...identity, hostName, ...network, ...decision]
}

async function checkNetwork(
  patient: Patient,
  ports: DoctorPorts,
  usable: boolean,
): Promise<readonly Finding[]> {
  const { origin } = patient
  const resolved = await ports.resolve(origin.hostname)
  if (!resolved.ok) return [problem('DNS', describeNetworkCode(resolved.code), DNS_ADVICE)]
  const dns = ok('DNS', resolved.addresses.join(', '))
  const tcp = await ports.tryTcp(origin)
  if (!tcp.ok) return [dns, problem('TCP', describeNetworkCode(tcp.code), TCP_ADVICE)]
  const reached = [dns, ok('TCP', `port ${origin.port} is open`)]
  const tls = tlsOf(patient, usable)
  const handshake = checkHandshake(await ports.tryTls(origin, tls))
  const asked = checkCertificateRequest(await ports.tryCertificateRequest(origin))
  if (handshake.verdict === 'problem') return [...reached, handshake, asked]
  return [...reached, handshake, asked, ...(await checkCredentials(patient, ports, usable))]
}

const DNS_ADVICE = 'Check the spelling of --endpoint: HOST or HOST:PORT, without https://.'
const TCP_ADVICE = 'Check the port, and whether a firewall lets it out. AWS clients use 443.'

function tlsOf({ files, ca }: Patient, usable: boolean): TlsMaterial {
  return {
    ...(usable ? { cert: files.certificatePem, key: files.privateKeyPem } : {}),
    ...(ca === undefined ? {} : { ca }),
  }
}

function checkHandshake(tried: Tried<Handshake>): Finding {
  if (!tried.ok) {
    return problem('TLS', describeNetworkCode(tried.code), 'Is it the right host and port?')
  }
  const { protocol, distrust, serverNotAfter } = tried
  if (distrust !== undefined) {
    const advice =
      "Name the CA that signed the server's certificate with --ca, or use its host name."
    return problem('TLS', describeNetworkCode(distrust), advice)
  }
  const until = serverNotAfter === undefined ? '' : ` until ${serverNotAfter.toISOString()}`
  return ok('TLS', `${protocol}; the server's certificate is trusted${until}`)
}

function checkCertificateRequest(tried: Tried<CertificateRequest>): Finding {
  const check = 'client certificate'
  if (!tried.ok)
    return leftOut(check, 'the server does not say so before its answers are encrypted')
  if (!tried.asked) {
    const advice = 'Mutual TLS is off at this endpoint, or it is another one.'
    return problem(check, 'the server asks for none', advice)
  }
  if (tried.authorities === 0) return ok(check, 'the server asks for one, of any CA')
  const told = `the server asks for one, and names ${tried.authorities} CAs`
  return note(check, told, "Java clients send none unless the device's CA is among them.")
}

async function checkCredentials(
  patient: Patient,
  ports: DoctorPorts,
  usable: boolean,
): Promise<readonly Finding[]> {
  const { origin, roleAlias, thingName } = patient
  if (roleAlias === undefined) return [leftOut('credentials', 'no --role-alias was named')]
  if (!usable) return [leftOut('credentials', 'the key is of no use')]
  const source: CredentialSource = {
    ...{ origin, roleAlias, tls: tlsOf(patient, usable) },
    ...(thingName === undefined ? {} : { thingName }),
  }
  const asked = ports.clock()
  const exchanged = await ports.exchange(credentialRequest(source))
  return checkAnswer(exchanged, asked, ports.clock())
}

async function checkDecision(explain: DoctorPorts['explain']): Promise<readonly Finding[]> {
  if (explain === undefined) return []
  const outcome = await explain()
  const check = 'decision'
  if ('problem' in outcome) {
    return [problem(check, outcome.problem, 'Check --control, and the AWS credentials for it.')]
  }
  if ('unknown' in outcome) {
    return [problem(check, outcome.unknown, 'Register the certificate, or name its tenant.')]
  }
  const { decision, reason, detail } = outcome.explanation
  if (decision === 'allow') return [ok(check, 'the control plane would allow it')]
  // A newer control plane may know reasons that this command does not.
  const guide: string | undefined = reason && REASON_GUIDE[reason]
  const told = detail === undefined ? `${reason}` : `${reason}: ${detail}`
  return [problem(check, told, guide ?? 'thingpass explain tells more.')]
}
