import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { UsageProblem } from '../command-io.ts'
import { baseUrlOf, type ControlTarget } from '../control-client/target.ts'
import { openAwsSource } from './aws-source.ts'
import { controlCopyCa, controlProfiles } from './control-profiles.ts'
import type { ControlSource } from './control-source.ts'
import { openFileFleet } from './file-fleet.ts'
import { findAccount, findOwnPlace } from './find-place.ts'
import type { Finding } from './finding.ts'
import type { FleetReader } from './fleet-reader.ts'
import type { Place } from './fleet-record.ts'
import type { ImportFrom } from './import-options.ts'
import type { ImportTarget } from './import-stages.ts'
import { createIotFleet } from './iot-fleet.ts'
import type { IotSource } from './iot-source.ts'
import type { Pacemaker } from './paced-calls.ts'
import { readLeftBehind } from './read-left-behind.ts'

/** A fleet that is going to be imported. */
export type OpenedSource = {
  readonly reader: FleetReader
  /** Where its ARNs point; undefined for an account that has nothing. */
  readonly place: Place | undefined
  /** What tells it from any other source. */
  readonly identity: string
  readonly readAccount: () => Promise<readonly Finding[]>
  /** For what else there is to read; absent for a file. */
  readonly iot?: IotSource
}

/**
 * Opens the source; an account of AWS is asked for one page, so that what is wrong with keys or region shows at once.
 * @throws what AWS refuses with
 */
export async function openSource(
  from: ImportFrom,
  pacemaker: Pacemaker,
  waiting: () => void,
): Promise<OpenedSource | UsageProblem> {
  if (from.kind === 'file') return openFile(from.path)
  const iot = openAwsSource(from, pacemaker, waiting)
  const place = await findOwnPlace(iot)
  const region = await iot.client.config.region()
  return {
    reader: createIotFleet(iot),
    ...{ place, iot },
    identity: `aws ${place?.account ?? 'without things'} ${region}`,
    readAccount: () => readLeftBehind(iot),
  }
}

async function openFile(path: string): Promise<OpenedSource | UsageProblem> {
  const opened = await openFileFleet(path)
  if ('problem' in opened) return opened
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return {
    reader: opened.reader,
    place: opened.head,
    identity: `file ${hash.digest('hex')}`,
    readAccount: async () => [],
  }
}

/** The account that a local stack has unless it is told otherwise. */
const LOCAL_ACCOUNT = '123456789012'

/**
 * Opens the tenant that is written to, and finds out which account its ARNs carry.
 * @throws what the control plane refuses with
 */
export async function openTarget(
  target: ControlTarget,
  control: ControlSource,
  hints: { readonly toAccount?: string; readonly source: Place | undefined },
): Promise<(ImportTarget & { readonly identity: string }) | UsageProblem> {
  const { iot, callControl, callAdministration } = control
  const own = await findOwnPlace(iot)
  const supposed = [own?.account, hints.source?.account, LOCAL_ACCOUNT]
  const accounts = hints.toAccount === undefined ? supposed : [hints.toAccount]
  const known = accounts.filter((account) => account !== undefined)
  const place = await findAccount(iot, target.region, known)
  if (place === undefined) {
    const what = hints.toAccount === undefined ? 'say the account of' : 'another account is that of'
    return { problem: `${what} the deployment with --to-account, and check --region` }
  }
  const profiles = controlProfiles(callControl)
  const copyCa = controlCopyCa(callAdministration, target.tenantId)
  return { iot, place, profiles, copyCa, identity: baseUrlOf(target) }
}
