import { hash } from 'node:crypto'
import type { CaDescription } from '@thingpass/core/registry-writes/cas'
import type { NewRevocationList } from '@thingpass/core/registry-writes/revocation-lists'
import { type Refused, refuse } from './api-error.ts'
import type { OperationContext } from './operation.ts'

/** A list that may be put in force for a CA, or why not. */
export type RevocationListReading =
  | { readonly ok: true; readonly list: Omit<NewRevocationList, 'graceSeconds'> }
  | Refused<'InvalidRequestException'>

/** How far the clock of an issuer may be ahead of ours: a list that was made this moment is not one from the future. */
const CLOCK_TOLERANCE_MS = 300_000

/**
 * Reads a list that was sent for a CA: PEM, or DER in base64. The CA's key has made its signature, and it is neither from later on nor past its
 * next update. Whose name it has is for the registry to compare.
 */
export function readRevocationList(
  sent: string,
  { record }: Pick<CaDescription, 'record'>,
  { ports }: OperationContext,
): RevocationListReading {
  const isPem = sent.trimStart().startsWith('-----')
  const der = Buffer.from(isPem ? sent.replaceAll(/^-----.*$/gm, '') : sent, 'base64')
  const parsed = ports.certificates.parseRevocationList(isPem ? sent : der)
  if ('problem' in parsed) return invalid(`The revocation list is not valid: ${parsed.problem}`)
  if (!parsed.isSignedBy(record.publicKey)) {
    return invalid('The revocation list is not signed by the CA')
  }
  const now = ports.clock()
  const hasBegun = parsed.thisUpdate.getTime() <= now.getTime() + CLOCK_TOLERANCE_MS
  if (!hasBegun) return invalid('The revocation list is not in force yet')
  const isCurrent = now < parsed.nextUpdate
  if (!isCurrent) return invalid('The revocation list is past its next update')
  const { issuerDer, number, thisUpdate, nextUpdate, entryCount, serialNumbers } = parsed
  const digests = {
    sha256: hash('sha256', der, 'hex'),
    issuerSha256: hash('sha256', issuerDer, 'hex'),
  }
  return {
    ok: true,
    list: { number, thisUpdate, nextUpdate, entryCount, serialNumbers, ...digests },
  }
}

function invalid(message: string): Refused<'InvalidRequestException'> {
  return refuse('InvalidRequestException', message)
}
