import { type CaCertificateId, parseCaCertificateId } from '@thingpass/core/names'
import type { CaDescription } from '@thingpass/core/registry-writes/cas'
import { refuse, succeed } from '../api-error.ts'
import type { Arns } from '../arn.ts'
import { CA_CERTIFICATE_ID, REGISTRATION_CONFIG } from '../certificate-fields.ts'
import { body, label, query } from '../members.ts'
import { defineOperation, type OperationContext } from '../operation.ts'
import { epochSeconds } from '../output.ts'
import { MARKER_ORDER, MARKER_PAGE, readPage } from '../pagination.ts'
import { flag, oneOf, text } from '../shape.ts'
import { markerPage } from './certificate-lists.ts'

/** In the path it has this name; the SDKs' member is `certificateId`. */
const PATH = '/cacertificate/{caCertificateId}'
const IDENTITY = { caCertificateId: label(CA_CERTIFICATE_ID) } as const

const describeCaCertificate = defineOperation({
  name: 'DescribeCACertificate',
  method: 'GET',
  path: PATH,
  input: IDENTITY,
  errors: ['ResourceNotFoundException'],
  run: async ({ caCertificateId }, context) => {
    const { registry, tenant } = context
    const found = await registry.getCa({ tenantId: tenant.tenantId, caCertificateId })
    if (found === undefined) return unknownCa(caCertificateId)
    return succeed({ certificateDescription: describe(found, context) })
  },
})

const updateCaCertificate = defineOperation({
  name: 'UpdateCACertificate',
  method: 'PUT',
  path: PATH,
  input: {
    ...IDENTITY,
    newStatus: query(oneOf(['ACTIVE', 'INACTIVE'])),
    newAutoRegistrationStatus: query(oneOf(['ENABLE', 'DISABLE'])),
    registrationConfig: body(REGISTRATION_CONFIG),
    removeAutoRegistration: body(flag()),
  },
  errors: ['ResourceNotFoundException'],
  run: async ({ caCertificateId, newStatus, ...wanted }, { registry, tenant }) => {
    const { newAutoRegistrationStatus, removeAutoRegistration = false } = wanted
    if (removeAutoRegistration && newAutoRegistrationStatus === 'ENABLE') {
      const message = 'removeAutoRegistration and newAutoRegistrationStatus contradict each other'
      return refuse('InvalidRequestException', message)
    }
    const autoRegistration = removeAutoRegistration
      ? false
      : newAutoRegistrationStatus && newAutoRegistrationStatus === 'ENABLE'
    const outcome = await registry.updateCa({
      ...{ tenantId: tenant.tenantId, caCertificateId },
      ...(newStatus === undefined ? {} : { status: newStatus }),
      ...(autoRegistration === undefined ? {} : { autoRegistration }),
    })
    return outcome.ok ? succeed() : unknownCa(caCertificateId)
  },
})

const deleteCaCertificate = defineOperation({
  name: 'DeleteCACertificate',
  method: 'DELETE',
  path: PATH,
  input: IDENTITY,
  errors: ['ResourceNotFoundException', 'CertificateStateException'],
  run: async ({ caCertificateId }, { registry, tenant }) => {
    const outcome = await registry.deleteCa({ tenantId: tenant.tenantId, caCertificateId })
    if (outcome.ok) return succeed()
    if (outcome.conflict === 'ca-unknown') return unknownCa(caCertificateId)
    const message = `CA certificate must be deactivated (not ACTIVE) before deletion. Id: ${caCertificateId}`
    return refuse('CertificateStateException', message)
  },
})

/** Source: AWS IoT API model (TemplateName). */
const TEMPLATE_NAME = text({ shortest: 1, longest: 36, pattern: /^[0-9A-Za-z_-]+$/ })

const listCaCertificates = defineOperation({
  name: 'ListCACertificates',
  method: 'GET',
  path: '/cacertificates',
  input: { ...MARKER_PAGE, ...MARKER_ORDER, templateName: query(TEMPLATE_NAME) },
  errors: [],
  run: async ({ templateName, ...input }, { registry, arns, tenant }) => {
    // No CA has a registration template here, so none has the one that is asked for.
    if (templateName !== undefined) return succeed({ certificates: [] })
    const page = await readPage(markerPage(input), {
      parseKey: parseCaCertificateId,
      keyOf: ({ record }: CaDescription) => record.caCertificateId,
      list: (range) => registry.listCas({ tenantId: tenant.tenantId, ...range }),
    })
    if (!page.ok) return page
    const certificates = page.items.map((ca) => summaryOf(ca, arns))
    return succeed({ certificates, nextMarker: page.token })
  },
})

/** CA certificates that are registered: in lists in order of their ids, where AWS orders by creation date. */
export const CA_CERTIFICATE_OPERATIONS = [
  describeCaCertificate,
  updateCaCertificate,
  deleteCaCertificate,
  listCaCertificates,
]

/** The CA is not there, or is another tenant's. */
export function unknownCa(caCertificateId: CaCertificateId) {
  const message = `The CA certificate does not exist (id=${caCertificateId})`
  return refuse('ResourceNotFoundException', message)
}

function summaryOf({ record, createdAt }: CaDescription, arns: Arns) {
  const { caCertificateId, status } = record
  return {
    certificateArn: arns.format({ kind: 'ca-certificate', caCertificateId }),
    certificateId: caCertificateId,
    status,
    creationDate: epochSeconds(createdAt),
  }
}

function describe(ca: CaDescription, { arns, ports }: OperationContext): object {
  return {
    ...summaryOf(ca, arns),
    certificatePem: ca.pem,
    ownedBy: ports.settings.deployment.accountId,
    autoRegistrationStatus: ca.autoRegistration ? 'ENABLE' : 'DISABLE',
    lastModifiedDate: epochSeconds(ca.modifiedAt),
    customerVersion: ca.version,
    generationId: ca.generationId,
    validity: validityOf(ca.pem, ports),
    certificateMode: ca.certificateMode,
  }
}

/** Read from the certificate itself; absent where it was registered without its PEM. */
function validityOf(
  pem: string | undefined,
  { certificates }: OperationContext['ports'],
): object | undefined {
  const parsed = pem === undefined ? undefined : certificates.parseCa(pem)
  if (parsed?.ok !== true) return undefined
  const { notBefore, notAfter } = parsed.ca
  return { notBefore: epochSeconds(notBefore), notAfter: epochSeconds(notAfter) }
}
