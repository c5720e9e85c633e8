import { parseCaCertificateId, parseTenantId } from '@thingpass/core/names'
import { isObject } from './compound-shape.ts'
import { named, oneOf, type Shape, text, wrongType } from './shape.ts'

/** The fields that several operations on certificates share. Source: AWS IoT API model 2015-05-28. */

/** As with certificates, in lower case only. */
export const CA_CERTIFICATE_ID = named(parseCaCertificateId, {
  shortest: 64,
  longest: 64,
  pattern: /^[a-f0-9]+$/,
})
export const CERTIFICATE_PEM = text({ shortest: 1, longest: 65_536, repeated: false })
export const CERTIFICATE_REQUEST = text({ shortest: 1, longest: 4096, repeated: false })
export const CERTIFICATE_MODE = oneOf(['DEFAULT', 'SNI_ONLY'])
export const CERTIFICATE_STATUS = oneOf([
  'ACTIVE',
  'INACTIVE',
  'REVOKED',
  'PENDING_TRANSFER',
  'REGISTER_INACTIVE',
  'PENDING_ACTIVATION',
])
export const TENANT_ID = named(parseTenantId, {
  shortest: 1,
  longest: 63,
  pattern: /^[a-z0-9][a-z0-9-]*$/,
})
/** What just-in-time provisioning would do with a CA: there is none here, so anything in it is refused rather than lost. */
export const REGISTRATION_CONFIG: Shape<object> = {
  wire: 'Structure',
  read: (json, at, report) => {
    if (!isObject(json)) return wrongType('Structure', json, at, report)
    const isEmpty = Object.keys(json).length === 0
    if (!isEmpty) report({ at, constraint: 'Registration templates are not supported here' })
    return json
  },
}
