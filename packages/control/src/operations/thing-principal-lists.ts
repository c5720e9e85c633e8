import { succeed } from '../api-error.ts'
import { THING_NAME } from '../fields.ts'
import { label, query } from '../members.ts'
import { defineOperation } from '../operation.ts'
import { readPart, TOKEN_PAGE } from '../pagination.ts'
import { unknownCertificate } from './certificates.ts'
import { PRINCIPAL, parsePrincipal, THING_PRINCIPAL_TYPE } from './thing-principals.ts'
import { unknownThing } from './things.ts'

const listThingPrincipals = defineOperation({
  name: 'ListThingPrincipals',
  method: 'GET',
  path: '/things/{thingName}/principals',
  input: { thingName: label(THING_NAME), ...TOKEN_PAGE },
  errors: ['ResourceNotFoundException'],
  run: async ({ thingName, maxResults, nextToken }, { registry, arns, tenant }) => {
    const { tenantId } = tenant
    const page = await readPart({ size: maxResults, token: nextToken }, (part) =>
      registry.listThingPrincipals({ tenantId, thingName, ...part }),
    )
    if ('conflict' in page) return unknownThing(thingName)
    if (!page.ok) return page
    const principals = page.items.map(({ certificateId }) =>
      arns.format({ kind: 'certificate', certificateId }),
    )
    return succeed({ principals, nextToken: page.token })
  },
})

const listThingPrincipalsV2 = defineOperation({
  name: 'ListThingPrincipalsV2',
  method: 'GET',
  path: '/things/{thingName}/principals-v2',
  input: {
    thingName: label(THING_NAME),
    thingPrincipalType: query(THING_PRINCIPAL_TYPE),
    ...TOKEN_PAGE,
  },
  errors: ['ResourceNotFoundException'],
  run: async ({ thingName, thingPrincipalType, maxResults, nextToken }, context) => {
    const { registry, arns, tenant } = context
    const asked = { tenantId: tenant.tenantId, thingName, ...exclusivityOf(thingPrincipalType) }
    const page = await readPart({ size: maxResults, token: nextToken }, (part) =>
      registry.listThingPrincipals({ ...asked, ...part }),
    )
    if ('conflict' in page) return unknownThing(thingName)
    if (!page.ok) return page
    const thingPrincipalObjects = page.items.map(({ certificateId, exclusive }) => ({
      principal: arns.format({ kind: 'certificate', certificateId }),
      thingPrincipalType: typeOf(exclusive),
    }))
    return succeed({ thingPrincipalObjects, nextToken: page.token })
  },
})

const listPrincipalThings = defineOperation({
  name: 'ListPrincipalThings',
  method: 'GET',
  path: '/principals/things',
  input: { principal: PRINCIPAL, ...TOKEN_PAGE },
  errors: ['ResourceNotFoundException'],
  run: async ({ principal, maxResults, nextToken }, { registry, arns, tenant }) => {
    const reading = parsePrincipal(principal, arns)
    if (!reading.ok) return reading
    const identity = { tenantId: tenant.tenantId, certificateId: reading.certificateId }
    const page = await readPart({ size: maxResults, token: nextToken }, (part) =>
      registry.listPrincipalThings({ ...identity, ...part }),
    )
    if ('conflict' in page) return unknownCertificate(reading.certificateId)
    if (!page.ok) return page
    const things = page.items.map(({ thingName }) => thingName)
    return succeed({ things, nextToken: page.token })
  },
})

const listPrincipalThingsV2 = defineOperation({
  name: 'ListPrincipalThingsV2',
  method: 'GET',
  path: '/principals/things-v2',
  input: {
    principal: PRINCIPAL,
    thingPrincipalType: query(THING_PRINCIPAL_TYPE),
    ...TOKEN_PAGE,
  },
  errors: ['ResourceNotFoundException'],
  run: async ({ principal, thingPrincipalType, maxResults, nextToken }, context) => {
    const { registry, arns, tenant } = context
    const reading = parsePrincipal(principal, arns)
    if (!reading.ok) return reading
    const identity = { tenantId: tenant.tenantId, certificateId: reading.certificateId }
    const asked = { ...identity, ...exclusivityOf(thingPrincipalType) }
    const page = await readPart({ size: maxResults, token: nextToken }, (part) =>
      registry.listPrincipalThings({ ...asked, ...part }),
    )
    if ('conflict' in page) return unknownCertificate(reading.certificateId)
    if (!page.ok) return page
    const principalThingObjects = page.items.map(({ thingName, exclusive }) => ({
      thingName,
      thingPrincipalType: typeOf(exclusive),
    }))
    return succeed({ principalThingObjects, nextToken: page.token })
  },
})

/** Lists of attachments of certificates to things. */
export const THING_PRINCIPAL_LIST_OPERATIONS = [
  listThingPrincipals,
  listThingPrincipalsV2,
  listPrincipalThings,
  listPrincipalThingsV2,
]

type ThingPrincipalType = 'EXCLUSIVE_THING' | 'NON_EXCLUSIVE_THING'

function exclusivityOf(type: ThingPrincipalType | undefined): { readonly exclusive?: boolean } {
  return type === undefined ? {} : { exclusive: type === 'EXCLUSIVE_THING' }
}

function typeOf(exclusive: boolean): ThingPrincipalType {
  return exclusive ? 'EXCLUSIVE_THING' : 'NON_EXCLUSIVE_THING'
}
