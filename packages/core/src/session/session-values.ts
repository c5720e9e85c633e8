import type { CertificateId, TenantId, ThingName, ThingTypeName } from '../names.ts'
import { foldCase } from '../policy/fold-case.ts'
import { createRequestContext, type RequestContext } from '../policy/request-context.ts'
import type { ReadValues } from './fill.ts'

/** Who a session is for. */
export type SessionIdentity = {
  readonly certificateId: CertificateId
  readonly tenantId: TenantId
  readonly thing?:
    | { readonly thingName: ThingName; readonly thingTypeName?: ThingTypeName | undefined }
    | undefined
}

/** Prefixes of tags and variables that are the broker's word alone (`aws:` is STS's own), in any letter case. */
const BROKER_OWNED = /^(?:aws|credentials-iot|thingpass):/

/** Whether a tag or variable of this name is the broker's word alone. */
export function isBrokerOwned(name: string): boolean {
  return BROKER_OWNED.test(foldCase(name))
}

/** The standard tags' keys, in their order. */
export const STANDARD_KEYS = [
  'credentials-iot:AwsCertificateId',
  'thingpass:TenantId',
  'credentials-iot:ThingName',
  'credentials-iot:ThingTypeName',
] as const

/** Standard values by key: certificate and tenant always, thing and type only where AWS sets them. */
export function standardValues(identity: SessionIdentity): ReadonlyMap<string, string> {
  const { certificateId, tenantId, thing } = identity
  const values = [certificateId, tenantId, thing?.thingName, thing?.thingTypeName]
  return new Map(
    STANDARD_KEYS.flatMap((key, index) => {
      const value = values[index]
      return value === undefined ? [] : [[key, value]]
    }),
  )
}

/** Stands for values of which none can be taken. */
const SEVERAL: readonly string[] = ['ambiguous', 'ambiguous']

/**
 * Reads variables: what the broker owns from the identity alone, all else from the request. A name that is spelled several ways there,
 * and in none of them as asked, has several values: no template's default speaks for it.
 */
export function sessionValues(identity: SessionIdentity, variables: RequestContext): ReadValues {
  const own = createRequestContext(standardValues(identity))
  return (name) => {
    const source = isBrokerOwned(name) ? own : variables
    return source.isAmbiguous(name) ? SEVERAL : [source.get(name) ?? []].flat()
  }
}
