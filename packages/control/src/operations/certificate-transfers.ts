import { refuse } from '../api-error.ts'
import { CERTIFICATE_ID } from '../fields.ts'
import { label } from '../members.ts'
import { defineOperation, type Operation } from '../operation.ts'
import type { Route } from '../route.ts'

/** AWS's operations that move certificates between accounts. */
const LEFT_OUT = {
  TransferCertificate: ['PATCH', '/transfer-certificate/{certificateId}'],
  AcceptCertificateTransfer: ['PATCH', '/accept-certificate-transfer/{certificateId}'],
  RejectCertificateTransfer: ['PATCH', '/reject-certificate-transfer/{certificateId}'],
  CancelCertificateTransfer: ['PATCH', '/cancel-certificate-transfer/{certificateId}'],
} as const satisfies Record<string, readonly [Route['method'], string]>

/** Certificate transfer is left out: a deployment has one account, and its tenants share nothing. Callers are told so. */
export const CERTIFICATE_TRANSFER_OPERATIONS: readonly Operation[] = [
  ...Object.entries(LEFT_OUT).map(([name, [method, path]]) =>
    defineOperation({
      ...{ name, method, path },
      input: { certificateId: label(CERTIFICATE_ID) },
      errors: [],
      run: async () => leftOut(name),
    }),
  ),
  defineOperation({
    name: 'ListOutgoingCertificates',
    method: 'GET',
    path: '/certificates-out-going',
    input: {},
    errors: [],
    run: async () => leftOut('ListOutgoingCertificates'),
  }),
]

function leftOut(name: string) {
  return refuse('InvalidRequestException', `${name}: certificate transfer is not supported here`)
}
