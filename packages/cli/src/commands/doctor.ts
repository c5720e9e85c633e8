import { lookup } from 'node:dns/promises'
import { stat } from 'node:fs/promises'
import { parseRoleAlias, parseThingName } from '@thingpass/core/names'
import type { CommandIo, ExitCode, UsageProblem } from '../command-io.ts'
import { openControlClient } from '../control-client/open-control-client.ts'
import type { TargetOptions } from '../control-client/target.ts'
import { readTlsFiles } from '../credential-process/credential-settings.ts'
import { type DoctorPorts, examine, type Patient } from '../doctor/examine.ts'
import { describeFindings, type Finding, ok, problem } from '../doctor/finding.ts'
import { tryCertificateRequest, tryTcp, tryTls } from '../doctor/tls-probe.ts'
import { certificateIdOf } from '../explain/certificate-id-of.ts'
import { exchange } from '../http/exchange.ts'
import { parseDeviceEndpoint } from '../http/parse-origin.ts'
import { askForExplanation } from './explain.ts'

/** What `doctor` is told. */
export type DoctorOptions = Pick<TargetOptions, 'tenant' | 'region' | 'dataDir'> & {
  /** Device endpoint, `HOST` or `HOST:PORT`. */
  readonly endpoint: string
  readonly cert: string
  readonly key: string
  readonly ca?: string
  readonly thing?: string
  readonly roleAlias?: string
  /** A control plane to ask as well: its URL, or `true` for the one that other commands would talk to. */
  readonly control?: string | true
  readonly json?: boolean
}

/** Examines a device's way to its credentials; exit code 1 when something keeps it from them. */
export async function examineDevice(options: DoctorOptions, io: CommandIo): Promise<ExitCode> {
  const place = readPlace(options)
  if ('problem' in place) return refuse(place, io)
  const explain = readExplain(options, io)
  if (explain !== undefined && 'problem' in explain) return refuse(explain, io)
  const ports = { ...PORTS, ...(explain === undefined ? {} : { explain: explain.ask }) }
  const findings = await findingsOf(options, place, ports)
  io.out(options.json === true ? `${JSON.stringify(findings)}\n` : describeFindings(findings))
  return findings.some(({ verdict }) => verdict === 'problem') ? 1 : 0
}

async function findingsOf(
  options: DoctorOptions,
  place: Omit<Patient, 'files'>,
  ports: DoctorPorts,
): Promise<readonly Finding[]> {
  const read = await readTlsFiles(options)
  if ('problem' in read) {
    return [problem('files', read.problem, 'Check the path, and who may read the file.')]
  }
  const keyIsShared = ((await stat(options.key)).mode & 0o077) !== 0
  const files = { certificatePem: read.cert, privateKeyPem: read.key, keyIsShared }
  const patient = { ...place, files, ...(read.ca === undefined ? {} : { ca: read.ca }) }
  return [ok('files', 'all can be read'), ...(await examine(patient, ports))]
}

function refuse(usage: UsageProblem, { err }: CommandIo): ExitCode {
  err(`thingpass: ${usage.problem}\n`)
  return 2
}

const PORTS: DoctorPorts = {
  resolve: async (hostname) => {
    try {
      const found = await lookup(hostname, { all: true })
      return { ok: true, addresses: found.map(({ address }) => address) }
    } catch (thrown) {
      return { ok: false, code: String(Reflect.get(Object(thrown), 'code')) }
    }
  },
  ...{ tryTcp, tryTls, tryCertificateRequest, exchange },
  clock: () => new Date(),
}

function readPlace(options: DoctorOptions): Omit<Patient, 'files'> | UsageProblem {
  const { roleAlias, thing } = options
  const origin = parseDeviceEndpoint(options.endpoint)
  if (origin === undefined) return { problem: '--endpoint takes HOST or HOST:PORT' }
  if (roleAlias !== undefined && parseRoleAlias(roleAlias) === undefined) {
    return { problem: '--role-alias takes a role alias' }
  }
  if (thing !== undefined && parseThingName(thing) === undefined) {
    return { problem: '--thing takes the name of a thing' }
  }
  return {
    origin,
    ...(roleAlias === undefined ? {} : { roleAlias }),
    ...(thing === undefined ? {} : { thingName: thing }),
  }
}

type Explaining = { readonly ask: NonNullable<DoctorPorts['explain']> }

function readExplain(
  options: DoctorOptions,
  { environment }: CommandIo,
): Explaining | UsageProblem | undefined {
  const { control, roleAlias, thing, cert, tenant, region, dataDir } = options
  if (control === undefined) return undefined
  if (roleAlias === undefined) return { problem: '--control needs --role-alias' }
  const target = {
    ...(control === true ? {} : { endpoint: control }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(region === undefined ? {} : { region }),
    ...(dataDir === undefined ? {} : { dataDir }),
  }
  const call = openControlClient(target, environment)
  if ('problem' in call) return call
  return {
    ask: async () => {
      const certificate = await certificateIdOf(cert)
      if ('problem' in certificate) return certificate
      const named = thing === undefined ? {} : { thingName: thing }
      return askForExplanation(call, { ...certificate, roleAlias, ...named })
    },
  }
}
