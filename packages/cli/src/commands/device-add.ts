import { join } from 'node:path'
import { parseThingName } from '@thingpass/core/names'
import { type Failure, readPairs } from '../api/option-readers.ts'
import { reportFailure } from '../api/report-failure.ts'
import type { SendApi } from '../api/send-api.ts'
import type { CommandIo, ExitCode, UsageProblem } from '../command-io.ts'
import { findCredentialsEndpoint } from '../device/credentials-endpoint.ts'
import {
  DEVICE_FILES,
  type KeptRequest,
  openDeviceFolder,
  openRequest,
  writeDeviceFile,
} from '../device/device-files.ts'
import { nextStepsText } from '../device/next-steps.ts'
import {
  type Device,
  isDone,
  type RegisteredCertificate,
  registerDevice,
} from '../device/register-device.ts'
import { formatMembers } from '../table/format-table.ts'

/** What `device add` is told beside the thing. */
export type DeviceAddOptions = {
  readonly type?: string
  readonly attr?: readonly string[]
  readonly policy?: readonly string[]
  readonly csr?: string
  readonly out?: string
  readonly json?: boolean
}

/** What the command acts with. */
export type DeviceAddParts = {
  readonly send: SendApi
  readonly io: CommandIo
  /** CA of a local device endpoint, PEM; undefined for a deployment, whose CA machines trust. */
  readonly readServerCa: () => Promise<string | undefined>
}

/**
 * Makes everything for one device: thing, key, certificate, attachments, and files to put on it. Run again, it goes on where
 * it broke off.
 */
export async function addDevice(
  thing: string,
  options: DeviceAddOptions,
  { send, io, readServerCa }: DeviceAddParts,
): Promise<ExitCode> {
  const order = readOrder(thing, options)
  if ('problem' in order) return reportFailure(order, io)
  const missing = await findMissingPolicy(order.device.policies, send)
  if (missing !== undefined) return reportFailure(missing, io)
  const added = await addInto(order, send)
  if (!isDone(added)) return reportFailure(added, io)
  const { thingName } = order.device
  const endpoint = await findCredentialsEndpoint({ thingName, ...added }, send)
  const steps = { thingName, ...added, ...endpoint }
  const { folder } = order
  const unwritten =
    folder === undefined ? undefined : await writeNextSteps(folder, steps, await readServerCa())
  if (unwritten !== undefined) return reportFailure(unwritten, io)
  io.out(describe(order, steps, options.json === true))
  return 0
}

type Order = {
  readonly device: Device
  /** Folder of the device; absent where the key is somebody else's to keep. */
  readonly folder?: string
  readonly openRequest: () => Promise<KeptRequest | UsageProblem>
}

function readOrder(thing: string, options: DeviceAddOptions): Order | UsageProblem {
  const { type, attr = [], policy = [], csr, out } = options
  // It names a folder, too.
  const thingName = parseThingName(thing)
  if (thingName === undefined) return { problem: '<thing> takes 1 to 128 of a-zA-Z0-9:_-' }
  const attributes = readPairs(attr)
  if ('problem' in attributes) return { problem: `--attr: ${attributes.problem}` }
  const device: Device = {
    thingName,
    attributes: attributes.value,
    policies: policy,
    ...(type !== undefined && { thingTypeName: type }),
  }
  if (csr === undefined) {
    const folder = out ?? thingName
    return { device, folder, openRequest: () => openDeviceFolder(folder, thingName) }
  }
  if (out !== undefined) return { problem: '--csr and --out exclude each other' }
  return { device, openRequest: () => openRequest(csr) }
}

/** A policy that is not there would leave the device half made. */
async function findMissingPolicy(
  policies: readonly string[],
  send: SendApi,
): Promise<Failure | undefined> {
  for (const policyName of policies) {
    const found = await send({ operation: 'GetPolicy', input: { policyName } })
    if (!isDone(found)) return found
  }
  return undefined
}

async function addInto(
  order: Order,
  send: SendApi,
): Promise<
  ({ readonly ok: true; readonly certificateFile: string } & RegisteredCertificate) | Failure
> {
  const request = await order.openRequest()
  if ('problem' in request) return request
  const { certificateFile, ...kept } = request
  const keep = (pem: string) => writeDeviceFile(certificateFile, pem)
  const certificate = { kind: 'csr', ...kept, keep } as const
  const outcome = await registerDevice({ ...order.device, certificate }, send)
  if (!isDone(outcome)) return outcome
  const registered = outcome.registered.certificate
  if (registered === undefined) return { problem: 'the device has no certificate' }
  return { ok: true, certificateFile, ...registered }
}

async function writeNextSteps(
  folder: string,
  steps: Omit<Parameters<typeof nextStepsText>[0], 'hasServerCa'>,
  serverCa: string | undefined,
): Promise<UsageProblem | undefined> {
  const problem = serverCa && (await writeDeviceFile(join(folder, DEVICE_FILES.serverCa), serverCa))
  if (problem) return problem
  const text = nextStepsText({ ...steps, hasServerCa: serverCa !== undefined })
  return writeDeviceFile(join(folder, DEVICE_FILES.readme), text)
}

type Added = RegisteredCertificate & {
  readonly thingName: string
  readonly certificateFile: string
  readonly host?: string
  readonly roleAlias?: string
}

function describe({ device, folder }: Order, added: Added, json: boolean): string {
  const { thingName, certificateId, certificateArn, certificateFile, roleAlias, host } = added
  const members = {
    ...{ thingName, certificateId, certificateArn, policies: device.policies, certificateFile },
    ...(folder !== undefined && {
      privateKeyFile: join(folder, DEVICE_FILES.privateKey),
      nextSteps: join(folder, DEVICE_FILES.readme),
    }),
    ...{ roleAlias, endpoint: host },
  }
  return json ? `${JSON.stringify(members)}\n` : formatMembers(Object.entries(members))
}
