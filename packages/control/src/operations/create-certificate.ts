import { refuse, succeed } from '../api-error.ts'
import { CERTIFICATE_REQUEST } from '../certificate-fields.ts'
import { body, needed, query } from '../members.ts'
import { defineOperation } from '../operation.ts'
import { flag } from '../shape.ts'
import { signWithTenantCa } from '../tenant-certificate-authority.ts'

const createKeysAndCertificate = defineOperation({
  name: 'CreateKeysAndCertificate',
  method: 'POST',
  path: '/keys-and-certificate',
  input: { setAsActive: query(flag()) },
  errors: [],
  run: async ({ setAsActive = false }, context) => {
    const keys = await context.ports.certificates.makeKeyPair()
    const request = { subject: undefined, publicKey: keys.publicKey }
    const created = await signWithTenantCa({ request, setAsActive }, context)
    if (!created.ok) return created
    const { names, certificatePem } = created
    // The private key is in this answer and nowhere else.
    const keyPair = { PublicKey: keys.publicKeyPem, PrivateKey: keys.privateKeyPem }
    return succeed({ ...names, certificatePem, keyPair })
  },
})

const createCertificateFromCsr = defineOperation({
  name: 'CreateCertificateFromCsr',
  method: 'POST',
  path: '/certificates',
  input: {
    certificateSigningRequest: needed(body(CERTIFICATE_REQUEST)),
    setAsActive: query(flag()),
  },
  errors: [],
  run: async ({ certificateSigningRequest, setAsActive = false }, context) => {
    const parsed = context.ports.certificates.parseRequest(certificateSigningRequest)
    if (!parsed.ok) {
      const message = `The certificate signing request is not valid: ${parsed.reason}`
      return refuse('InvalidRequestException', message)
    }
    const created = await signWithTenantCa({ request: parsed.request, setAsActive }, context)
    if (!created.ok) return created
    return succeed({ ...created.names, certificatePem: created.certificatePem })
  },
})

/** Certificates that this service signs, with the tenant's own CA. */
export const CREATE_CERTIFICATE_OPERATIONS = [createKeysAndCertificate, createCertificateFromCsr]
