import { DEFAULT_TENANT } from '@thingpass/core/names'
import { refuse } from '../api-error.ts'
import {
  CERTIFICATE_MODE,
  CERTIFICATE_PEM,
  REGISTRATION_CONFIG,
  TENANT_ID,
} from '../certificate-fields.ts'
import type { RegistrableCa } from '../certificate-ports.ts'
import { body, label, needed, query } from '../members.ts'
import { defineDeploymentOperation, defineOperation, type OperationContext } from '../operation.ts'
import { refuseUnproven } from '../proof-of-possession.ts'
import {
  type CaRegistration,
  newCaOf,
  REGISTER_CA_ERRORS,
  readCa,
  registerCa,
} from '../register-ca.ts'
import { flag } from '../shape.ts'
import { NO_TAGS, TAGS } from '../tag-shape.ts'
import { unknownTenant } from '../unknown-tenant.ts'

const SETTINGS = {
  setAsActive: query(flag()),
  allowAutoRegistration: query(flag()),
  certificateMode: body(CERTIFICATE_MODE),
} as const

const registerCaCertificate = defineOperation({
  name: 'RegisterCACertificate',
  method: 'POST',
  path: '/cacertificate',
  input: {
    caCertificate: needed(body(CERTIFICATE_PEM)),
    verificationCertificate: body(CERTIFICATE_PEM),
    ...SETTINGS,
    registrationConfig: body(REGISTRATION_CONFIG),
    tags: body(TAGS),
  },
  errors: [...REGISTER_CA_ERRORS, 'RegistrationCodeValidationException'],
  run: async ({ caCertificate, verificationCertificate, tags = NO_TAGS, ...wanted }, context) => {
    const { tenantId } = context.tenant
    const read = readCa(caCertificate, context)
    if (!read.ok) return read
    const refusal = await refuseProof(read.ca, verificationCertificate, context)
    if (refusal !== undefined) return refusal
    const newCa = newCaOf(tenantId, read.ca, settingsOf(wanted))
    return registerCa({ ...newCa, tags }, context)
  },
})

const registerCaCertificateOfTenant = defineDeploymentOperation({
  name: 'RegisterCACertificateOfTenant',
  method: 'POST',
  path: '/thingpass/tenants/{tenant}/cacertificate',
  strict: true,
  input: {
    tenant: label(TENANT_ID),
    caCertificate: needed(body(CERTIFICATE_PEM)),
    ...SETTINGS,
  },
  errors: [...REGISTER_CA_ERRORS, 'ResourceNotFoundException'],
  run: async ({ tenant: tenantId, caCertificate, ...wanted }, context) => {
    const read = readCa(caCertificate, context)
    if (!read.ok) return read
    const tenant = await context.registry.getTenant(tenantId)
    if (tenant === undefined) return unknownTenant(tenantId)
    return registerCa(newCaOf(tenantId, read.ca, settingsOf(wanted)), context)
  },
})

/** Registrations of CA certificates. */
export const REGISTER_CA_CERTIFICATE_OPERATIONS = [
  registerCaCertificate,
  registerCaCertificateOfTenant,
]

function settingsOf({
  setAsActive = false,
  allowAutoRegistration = false,
  certificateMode = 'DEFAULT',
}: {
  readonly setAsActive: boolean | undefined
  readonly allowAutoRegistration: boolean | undefined
  readonly certificateMode: CaRegistration['certificateMode'] | undefined
}): CaRegistration {
  const status = setAsActive ? 'ACTIVE' : 'INACTIVE'
  return { status, autoRegistration: allowAutoRegistration, certificateMode }
}

/**
 * AWS wants no proof for SNI_ONLY, where many accounts may hold one CA; here a key belongs to one tenant, so each has to show that it has
 * the key. Only the administrator, who could write the registry's table anyway, goes without, and in `default` only.
 */
async function refuseProof(
  ca: RegistrableCa,
  verificationPem: string | undefined,
  context: OperationContext,
) {
  const { tenant, callerArn, ports } = context
  const { tenantId } = tenant
  if (verificationPem !== undefined) {
    return refuseUnproven({ ca, verificationPem }, tenantId, context)
  }
  const exempt = tenantId === DEFAULT_TENANT && (await ports.isAdministrator(callerArn))
  return exempt
    ? undefined
    : refuse('InvalidRequestException', 'verificationCertificate is required in every mode')
}
