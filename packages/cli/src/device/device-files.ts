import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PRIVATE, PUBLIC, writeFileAtomically } from '@thingpass/local/pki/write-file'
import type { UsageProblem } from '../command-io.ts'
import { readTextFile } from '../read-text-file.ts'
import { isForKey, isForRequest, isPrivateKey } from './certificate-id.ts'
import { makeCertificateRequest, makePrivateKey } from './certificate-request.ts'

/** What a certificate is asked for with, and where it is put. */
export type KeptRequest = {
  readonly csr: string
  /** The certificate that an earlier run got. */
  readonly kept?: string
  readonly certificateFile: string
}

/** Where the pieces of a device lie in its folder. */
export const DEVICE_FILES = {
  privateKey: 'private.key',
  certificate: 'certificate.pem',
  serverCa: 'server-ca.pem',
  readme: 'README.md',
} as const

/**
 * Takes the key from the device's folder, or makes it there, readable by its owner only; and the certificate that was got for
 * it before. A certificate that is not the key's is a problem, and stays.
 */
export async function openDeviceFolder(
  folder: string,
  thingName: string,
): Promise<KeptRequest | UsageProblem> {
  const keyFile = join(folder, DEVICE_FILES.privateKey)
  const certificateFile = join(folder, DEVICE_FILES.certificate)
  const key = await keepKey(keyFile)
  if ('problem' in key) return key
  const kept = await readIfThere(certificateFile)
  if ('problem' in kept) return kept
  if (kept.text !== undefined && !isForKey(kept.text, key.text)) {
    return { problem: `${certificateFile} is not the certificate of ${keyFile}` }
  }
  const csr = makeCertificateRequest(key.text, thingName)
  return { csr, certificateFile, ...(kept.text !== undefined && { kept: kept.text }) }
}

async function keepKey(path: string): Promise<{ readonly text: string } | UsageProblem> {
  const there = await readIfThere(path)
  if ('problem' in there) return there
  if (there.text === undefined) {
    const text = makePrivateKey()
    const problem = await writeDeviceFile(path, text, PRIVATE)
    return problem ?? { text }
  }
  if (!isPrivateKey(there.text)) return { problem: `${path} is no private key` }
  await chmod(path, PRIVATE) // whatever a copy made of it
  return { text: there.text }
}

/**
 * Reads somebody's request, and the certificate that was got for it before: that is put beside the request, under its name. One
 * that is not for the request's key is a problem, and stays.
 */
export async function openRequest(path: string): Promise<KeptRequest | UsageProblem> {
  const request = await readTextFile(path)
  if ('problem' in request) return request
  const { text: csr } = request
  const certificateFile = `${path.replace(/\.(?:csr|req|pem)$/, '')}.certificate.pem`
  const kept = await readIfThere(certificateFile)
  if ('problem' in kept) return kept
  if (kept.text === undefined) return { csr, certificateFile }
  return isForRequest(kept.text, csr)
    ? { csr, certificateFile, kept: kept.text }
    : { problem: `${certificateFile} is not the certificate of ${path}` }
}

/** Reads a file that need not be there. */
async function readIfThere(
  path: string,
): Promise<{ readonly text: string | undefined } | UsageProblem> {
  try {
    return { text: await readFile(path, 'utf8') }
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    if (code === 'ENOENT') return { text: undefined }
    return { problem: `${path} cannot be read (${code ?? 'unknown reason'})` }
  }
}

/** Writes a file whole or not at all, with the folders on its way; undefined where it worked. */
export async function writeDeviceFile(
  path: string,
  text: string,
  mode: number = PUBLIC,
): Promise<UsageProblem | undefined> {
  try {
    await writeFileAtomically(path, text, mode)
    return undefined
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    return { problem: `${path} cannot be written (${code ?? 'unknown reason'})` }
  }
}
