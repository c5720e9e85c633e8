import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Identity } from './issue-certificate.ts'
import { PRIVATE, PUBLIC, writeFileAtomically } from './write-file.ts'

/** Where an identity is kept. */
export type IdentityFiles = { readonly certificate: string; readonly privateKey: string }

/**
 * Reads an identity from its files, or makes it anew and writes it when it is absent, torn, or no longer usable. The key is
 * written first (0600), so a certificate on disk always has its key beside it.
 */
export async function keepIdentity(
  files: IdentityFiles,
  usable: (certificate: X509Certificate) => boolean,
  issue: () => Promise<Identity>,
): Promise<Identity> {
  const kept = await readIdentity(files)
  if (kept !== undefined && isUsable(kept, usable)) return kept
  const made = await issue()
  await writeFileAtomically(files.privateKey, made.privateKeyPem, PRIVATE)
  await writeFileAtomically(files.certificate, made.certificatePem, PUBLIC)
  return made
}

async function readIdentity(files: IdentityFiles): Promise<Identity | undefined> {
  const certificatePem = await readIfThere(files.certificate)
  const privateKeyPem = await readIfThere(files.privateKey)
  return certificatePem === undefined || privateKeyPem === undefined
    ? undefined
    : { certificatePem, privateKeyPem }
}

function isUsable(identity: Identity, usable: (certificate: X509Certificate) => boolean): boolean {
  try {
    const certificate = new X509Certificate(identity.certificatePem)
    return (
      certificate.checkPrivateKey(createPrivateKey(identity.privateKeyPem)) && usable(certificate)
    )
  } catch {
    return false // not a certificate and its key, whatever it is
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw thrown
  }
}
