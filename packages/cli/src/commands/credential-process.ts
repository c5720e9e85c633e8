import { setTimeout } from 'node:timers/promises'
import type { CommandIo, ExitCode, UsageProblem } from '../command-io.ts'
import {
  type CredentialOptions,
  type CredentialSettings,
  readCredentialSettings,
} from '../credential-process/credential-settings.ts'
import { processOutput } from '../credential-process/device-credentials.ts'
import { fetchCredentials } from '../credential-process/fetch-credentials.ts'
import { keepPrivateDirectory, readMemory, writeMemory } from '../credential-process/memory-file.ts'
import { tryLock } from '../credential-process/process-lock.ts'
import { type Provided, provideCredentials } from '../credential-process/provide-credentials.ts'

/** Waiting for another process: twice what its request may take, and some for its start. */
const PAUSE_MS = 50
const MOST_PAUSES = 240

/** Prints credentials for the SDKs' `credential_process` setting. Standard output carries nothing else; exit code 1 when there are none. */
export async function printCredentials(
  options: CredentialOptions,
  { out, err, environment }: CommandIo,
): Promise<ExitCode> {
  const settings = await readCredentialSettings(options, environment)
  if ('problem' in settings) return refuse(settings, err)
  const unfit = await keepPrivateDirectory(settings.cacheDir)
  if (unfit !== undefined) return refuse(unfit, err)
  const provided = await provide(settings)
  if (!provided.ok) {
    err(`thingpass: no credentials: ${provided.message}\n`)
    return 1
  }
  if (provided.warning !== undefined) err(`thingpass: ${provided.warning}\n`)
  out(processOutput(provided.credentials))
  return 0
}

function refuse({ problem }: UsageProblem, err: CommandIo['err']): ExitCode {
  err(`thingpass: ${problem}\n`)
  return 2
}

/** Where no lock can be made, as on a full disk, each process asks for itself: better that than no credentials. */
const UNLOCKED = { release: async () => undefined }

function provide({ source, cachePath }: CredentialSettings): Promise<Provided> {
  const clock = () => new Date()
  return provideCredentials({
    read: () => readMemory(`${cachePath}.json`),
    write: (memory) => writeMemory(`${cachePath}.json`, memory),
    tryLock: () => tryLock(`${cachePath}.lock`, clock()).catch(() => UNLOCKED),
    fetch: () => fetchCredentials(source),
    clock,
    random: Math.random,
    pause: () => setTimeout(PAUSE_MS),
    mostPauses: MOST_PAUSES,
  })
}
