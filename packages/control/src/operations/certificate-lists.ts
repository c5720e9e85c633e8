import { type CertificateId, parseCertificateId } from '@thingpass/core/names'
import type { CertificateDescription } from '@thingpass/core/registry-writes/certificates'
import type { PageInput, PageOf } from '@thingpass/core/registry-writes/page'
import { succeed } from '../api-error.ts'
import type { Arns } from '../arn.ts'
import { CA_CERTIFICATE_ID } from '../certificate-fields.ts'
import { label } from '../members.ts'
import { defineOperation } from '../operation.ts'
import { epochSeconds } from '../output.ts'
import { MARKER_ORDER, MARKER_PAGE, type PageRequest, readPage } from '../pagination.ts'

const listCertificates = defineOperation({
  name: 'ListCertificates',
  method: 'GET',
  path: '/certificates',
  input: { ...MARKER_PAGE, ...MARKER_ORDER },
  errors: [],
  run: async (input, { registry, arns, tenant }) => {
    const { tenantId } = tenant
    return listed(input, arns, (page) => registry.listCertificates({ tenantId, ...page }))
  },
})

const listCertificatesByCa = defineOperation({
  name: 'ListCertificatesByCA',
  method: 'GET',
  path: '/certificates-by-ca/{caCertificateId}',
  input: { caCertificateId: label(CA_CERTIFICATE_ID), ...MARKER_PAGE, ...MARKER_ORDER },
  errors: [],
  run: async ({ caCertificateId, ...input }, { registry, arns, tenant }) => {
    const ca = { tenantId: tenant.tenantId, caCertificateId }
    return listed(input, arns, (page) => registry.listCertificatesOfCa({ ...ca, ...page }))
  },
})

/** Lists of device certificates: in order of their ids, where AWS orders by creation date. */
export const CERTIFICATE_LIST_OPERATIONS = [listCertificates, listCertificatesByCa]

type ListInput = {
  readonly pageSize: number | undefined
  readonly marker: string | undefined
  readonly ascendingOrder: boolean | undefined
}

/** The page that the members of the marker dialect ask for. */
export function markerPage({ pageSize, marker, ascendingOrder }: ListInput): PageRequest {
  return { size: pageSize, token: marker, ascending: ascendingOrder }
}

async function listed(
  input: ListInput,
  arns: Arns,
  list: (page: PageInput<CertificateId>) => Promise<PageOf<CertificateDescription>>,
) {
  const page = await readPage(markerPage(input), {
    parseKey: parseCertificateId,
    keyOf: ({ record }: CertificateDescription) => record.certificateId,
    list,
  })
  if (!page.ok) return page
  const certificates = page.items.map((item) => summaryOf(item, arns))
  return succeed({ certificates, nextMarker: page.token })
}

function summaryOf({ record, certificateMode, createdAt }: CertificateDescription, arns: Arns) {
  const { certificateId, status } = record
  return {
    certificateArn: arns.format({ kind: 'certificate', certificateId }),
    certificateId,
    status,
    certificateMode,
    creationDate: epochSeconds(createdAt),
  }
}
