import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuditRecord } from '@thingpass/core/audit-record'
import { parseCommandLine } from '@thingpass/local/command-line'
import { PKI_FILES } from '@thingpass/local/pki/local-pki'
import { type Stack, startStack } from '@thingpass/local/stack/start-stack'
import { createDevice } from '@thingpass/local/testing/device-client'

/** A device's files and the authority that its endpoint shows. */
export type DeviceFiles = {
  readonly certificate: string
  readonly privateKey: string
  readonly authority: string
}

/** A whole stack in a directory of its own. */
export type TestStack = Stack & {
  readonly filesOf: (thingName: string) => DeviceFiles
  /** A device with a connection of its own. */
  readonly deviceOf: (thingName: string) => Promise<ReturnType<typeof createDevice>>
  readonly authorityPem: () => Promise<string>
  /** All audit records so far. */
  readonly audited: () => Promise<readonly AuditRecord[]>
  /** What operators were told, a line each. */
  readonly told: readonly string[]
}

/** Starts a stack with the demo fleet, on a free port unless the flags say otherwise; `close` leaves nothing behind. */
export async function startTestStack(
  flags: readonly string[] = [],
  clock: () => Date = () => new Date(),
): Promise<TestStack> {
  const folder = await mkdtemp(join(tmpdir(), 'thingpass-'))
  const dataDir = join(folder, 'data')
  const parsed = parseCommandLine(['--port', '0', '--data-dir', dataDir, ...flags])
  if (parsed.kind !== 'start') throw new Error('these flags do not start a stack')
  const told: string[] = []
  const stack = await startStack(parsed.settings, {
    clock,
    decided: () => undefined,
    log: (line) => told.push(line),
  })
  const filesOf = (thingName: string) => ({
    certificate: PKI_FILES.deviceCertificate(dataDir, thingName),
    privateKey: PKI_FILES.devicePrivateKey(dataDir, thingName),
    authority: PKI_FILES.serverCa(dataDir),
  })
  const authorityPem = () => readFile(PKI_FILES.serverCa(dataDir), 'utf8')
  return {
    ...stack,
    told,
    filesOf,
    authorityPem,
    deviceOf: async (thingName) => {
      const files = filesOf(thingName)
      return createDevice(await authorityPem(), {
        certificatePem: await readFile(files.certificate, 'utf8'),
        privateKeyPem: await readFile(files.privateKey, 'utf8'),
      })
    },
    audited: async () => {
      const text = await readFile(join(dataDir, 'audit.jsonl'), 'utf8')
      return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
    },
    close: async () => {
      await stack.close()
      await rm(folder, { recursive: true })
    },
  }
}
