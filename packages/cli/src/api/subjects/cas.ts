import type { ApiSubject } from '../api-command.ts'
import { constant, fileText, oneOf, wholeNumber } from '../option-readers.ts'
import { revocationListFile } from '../revocation-list-file.ts'

/** AWS names the member so in all operations but one. */
const CA = { name: 'ca-id', member: 'certificateId' } as const

const CA_OF_LIST = { name: 'ca-id', member: 'caCertificateId' } as const
const REVOCATION_LIST = '/thingpass/cacertificate/{caCertificateId}/crl'

/** CA certificates. */
export const CAS: ApiSubject = {
  name: 'cas',
  about: 'CAs whose certificates may be registered',
  commands: [
    {
      verb: 'registration-code',
      about: 'show what the verification certificate must have as its common name',
      example: '',
      call: { operation: 'GetRegistrationCode' },
    },
    {
      verb: 'register',
      about: 'register a CA, with proof that its key is held',
      example: '--pem ca.pem --verification-pem proof.pem --active',
      options: [
        {
          flags: '--pem <file>',
          about: "the CA's certificate, PEM",
          member: 'caCertificate',
          read: fileText,
          required: true,
        },
        {
          flags: '--verification-pem <file>',
          about: 'certificate that it signed, for the registration code',
          member: 'verificationCertificate',
          read: fileText,
        },
        {
          flags: '--active',
          about: 'certificates may be registered at once',
          member: 'setAsActive',
          read: constant(true),
        },
        {
          flags: '--auto-registration',
          about: 'certificates register themselves',
          member: 'allowAutoRegistration',
          read: constant(true),
        },
        {
          flags: '--mode <word>',
          about: 'DEFAULT or SNI_ONLY',
          member: 'certificateMode',
          read: oneOf('DEFAULT', 'SNI_ONLY'),
        },
      ],
      call: { operation: 'RegisterCACertificate' },
    },
    {
      verb: 'describe',
      about: 'show a CA',
      example: '<ca-id>',
      arguments: [CA],
      call: { operation: 'DescribeCACertificate' },
      shown: { within: 'certificateDescription', hidden: ['certificatePem'] },
      saved: 'certificateDescription.certificatePem',
    },
    {
      verb: 'update',
      about: 'activate or deactivate a CA',
      example: '<ca-id> --status INACTIVE',
      arguments: [CA],
      options: [
        {
          flags: '--status <word>',
          about: 'ACTIVE or INACTIVE; registered devices go on',
          member: 'newStatus',
          read: oneOf('ACTIVE', 'INACTIVE'),
        },
        {
          flags: '--auto-registration <word>',
          about: 'ENABLE or DISABLE',
          member: 'newAutoRegistrationStatus',
          read: oneOf('ENABLE', 'DISABLE'),
        },
      ],
      call: { operation: 'UpdateCACertificate' },
    },
    {
      verb: 'delete',
      about: 'delete a CA that is not active',
      example: '<ca-id>',
      arguments: [CA],
      call: { operation: 'DeleteCACertificate' },
    },
    {
      verb: 'list',
      about: 'list CAs',
      example: '',
      call: { operation: 'ListCACertificates' },
      shown: {
        rows: 'certificates',
        columns: ['certificateId', 'status', 'creationDate'],
        paging: 'marker',
      },
    },
    {
      verb: 'certificates',
      about: 'list the certificates of a CA',
      example: '<ca-id>',
      arguments: [{ name: 'ca-id', member: 'caCertificateId' }],
      call: { operation: 'ListCertificatesByCA' },
      shown: {
        rows: 'certificates',
        columns: ['certificateId', 'status', 'creationDate'],
        paging: 'marker',
      },
    },
    {
      verb: 'crl put',
      about: "put the CA's revocation list in force, in place of an older one",
      example: '<ca-id> --crl ca.crl --grace 86400',
      arguments: [CA_OF_LIST],
      options: [
        {
          flags: '--crl <file>',
          about: 'complete list, PEM or DER',
          member: 'crl',
          read: revocationListFile,
          required: true,
        },
        {
          flags: '--grace <seconds>',
          about: 'how long it counts beyond its next update: 0 (default) to 2592000',
          member: 'graceSeconds',
          read: wholeNumber,
        },
      ],
      call: { method: 'PUT', path: REVOCATION_LIST },
    },
    {
      verb: 'crl get',
      about: 'show which revocation list is in force, and until when',
      example: '<ca-id>',
      arguments: [CA_OF_LIST],
      call: { method: 'GET', path: REVOCATION_LIST },
    },
    {
      verb: 'crl check',
      about: 'ask whether the list in force names a serial number',
      example: '<ca-id> 5a03',
      arguments: [CA_OF_LIST, { name: 'serial', member: 'serialNumber' }],
      call: { method: 'GET', path: `${REVOCATION_LIST}/{serialNumber}` },
    },
  ],
}
