import type { ApiSubject } from '../api-command.ts'
import { constant, fileText, oneOf } from '../option-readers.ts'
import { reference } from '../resource-reference.ts'

const CERTIFICATE = { name: 'certificate-id', member: 'certificateId' } as const
const PRINCIPAL = { name: 'arn|id', member: 'principal', read: reference } as const
const PEM = {
  flags: '--pem <file>',
  about: 'the certificate, PEM',
  member: 'certificatePem',
  read: fileText,
  required: true,
} as const
const STATUS = {
  flags: '--status <word>',
  about: 'ACTIVE, INACTIVE or REVOKED',
  member: 'status',
  read: oneOf('ACTIVE', 'INACTIVE', 'REVOKED'),
} as const

/** Device certificates. */
export const CERTIFICATES: ApiSubject = {
  name: 'certificates',
  about: 'device certificates',
  commands: [
    {
      verb: 'register',
      about: "register a certificate of the tenant's CA",
      example: '--pem camera-9.pem --status ACTIVE',
      options: [
        PEM,
        {
          flags: '--ca-pem <file>',
          about: 'the CA that signed it, where two have one name',
          member: 'caCertificatePem',
          read: fileText,
        },
        STATUS,
      ],
      call: { operation: 'RegisterCertificate' },
    },
    {
      verb: 'register-without-ca',
      about: 'register a certificate by itself, where the tenant may',
      example: '--pem camera-9.pem --status ACTIVE',
      options: [PEM, STATUS],
      call: { operation: 'RegisterCertificateWithoutCA' },
    },
    {
      verb: 'create',
      about: "have a certificate made by the tenant's own CA, for a CSR",
      example: '--csr camera-9.csr --active --out camera-9.pem',
      options: [
        {
          flags: '--csr <file>',
          about: 'certificate signing request, PEM',
          member: 'certificateSigningRequest',
          read: fileText,
          required: true,
        },
        {
          flags: '--active',
          about: 'active at once',
          member: 'setAsActive',
          read: constant(true),
        },
      ],
      call: { operation: 'CreateCertificateFromCsr' },
      shown: { hidden: ['certificatePem'] },
      saved: 'certificatePem',
    },
    {
      verb: 'describe',
      about: 'show a certificate',
      example: '<certificate-id>',
      arguments: [CERTIFICATE],
      call: { operation: 'DescribeCertificate' },
      shown: { within: 'certificateDescription', hidden: ['certificatePem'] },
      saved: 'certificateDescription.certificatePem',
    },
    {
      verb: 'update',
      about: 'activate, deactivate or revoke a certificate',
      example: '<certificate-id> --status INACTIVE',
      arguments: [CERTIFICATE],
      options: [{ ...STATUS, member: 'newStatus', required: true }],
      call: { operation: 'UpdateCertificate' },
    },
    {
      verb: 'delete',
      about: 'delete a certificate that is not active and attached to nothing',
      example: '<certificate-id>',
      arguments: [CERTIFICATE],
      options: [
        {
          flags: '--force',
          about: 'policies may still be attached',
          member: 'forceDelete',
          read: constant(true),
        },
      ],
      call: { operation: 'DeleteCertificate' },
    },
    {
      verb: 'list',
      about: 'list certificates',
      example: '--limit 10',
      call: { operation: 'ListCertificates' },
      shown: {
        rows: 'certificates',
        columns: ['certificateId', 'status', 'certificateMode', 'creationDate'],
        paging: 'marker',
      },
    },
    {
      verb: 'things',
      about: 'list the things that a certificate is attached to',
      example: '<certificate-id>',
      arguments: [PRINCIPAL],
      call: { operation: 'ListPrincipalThingsV2' },
      shown: {
        rows: 'principalThingObjects',
        columns: ['thingName', 'thingPrincipalType'],
        paging: 'token',
      },
    },
  ],
}
