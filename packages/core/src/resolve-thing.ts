import type { Facts } from './facts.ts'
import type { CertificateRecord, TenantRecord, ThingRecord } from './records.ts'
import type { ThingHeader } from './request.ts'

/** The thing a request acts for, or none, or why it may not act for the one it names. */
export type ThingResolution =
  | { readonly allow: true; readonly thing: ThingRecord | undefined }
  | { readonly allow: false; readonly reason: 'thing-name-malformed' | 'thing-not-attached' }

type Owner = { readonly certificate: CertificateRecord; readonly tenant: TenantRecord }

/**
 * Resolves the thing: the header's, which must be attached to the certificate; without header the exclusively attached
 * one where the tenant's `defaultThing` is `exclusive`; otherwise none, as in AWS IoT.
 */
export function resolveThing(
  header: ThingHeader,
  thing: Facts['thing'],
  { certificate, tenant }: Owner,
): ThingResolution {
  if (header.kind === 'malformed') return { allow: false, reason: 'thing-name-malformed' }
  const named =
    header.kind === 'named'
      ? header.thingName
      : tenant.defaultThing === 'exclusive'
        ? certificate.exclusiveThing
        : undefined
  if (named === undefined) return { allow: true, thing: undefined }
  const own = thing?.attached === true && thing.record.thingName === named
  return own ? { allow: true, thing: thing.record } : { allow: false, reason: 'thing-not-attached' }
}
