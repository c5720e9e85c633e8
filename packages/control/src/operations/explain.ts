import { succeed } from '../api-error.ts'
import { explain } from '../explanation.ts'
import { CERTIFICATE_ID, ROLE_ALIAS, THING_NAME } from '../fields.ts'
import { body, needed } from '../members.ts'
import { defineOperation } from '../operation.ts'
import { text } from '../shape.ts'
import { readStoredCertificate } from '../stored-certificate.ts'
import { unknownCertificate } from './certificates.ts'

/** Textual IPv4 or IPv6; what is in neither form matches no range of a policy. */
const SOURCE_IP = text({ shortest: 2, longest: 45, pattern: /^[0-9a-fA-F:.]+$/ })

const explainDecision = defineOperation({
  name: 'Explain',
  method: 'POST',
  path: '/thingpass/explain',
  strict: true,
  input: {
    certificateId: needed(body(CERTIFICATE_ID)),
    thingName: body(THING_NAME),
    roleAlias: needed(body(ROLE_ALIAS)),
    sourceIp: body(SOURCE_IP),
  },
  errors: ['ResourceNotFoundException'],
  run: async ({ certificateId, thingName, roleAlias, sourceIp }, context) => {
    const stored = await readStoredCertificate(certificateId, context)
    if (!stored.ok) return stored
    const { tenantId } = context.tenant
    const from = sourceIp ?? context.sourceIp
    const question = { tenantId, certificateId, thingName, roleAlias, sourceIp: from }
    const explanation = await explain(question, stored.identified, context.ports)
    return explanation === undefined ? unknownCertificate(certificateId) : succeed(explanation)
  },
})

/** Explanations of what the data plane decides: ours, not AWS's. */
export const EXPLAIN_OPERATIONS = [explainDecision]
