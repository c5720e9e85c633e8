import { randomUUID } from 'node:crypto'
import { createDynamoClient } from '@thingpass/aws/clients'
import { createIamClient } from '@thingpass/aws/iam/iam-client'
import { createMayPassRole } from '@thingpass/aws/iam/may-pass-role'
import { createKmsClient } from '@thingpass/aws/kms/kms-client'
import { createKmsTenantSigners } from '@thingpass/aws/kms/kms-tenant-signers'
import { createIssuerHints } from '@thingpass/aws/registry/issuer-hint'
import { createPolicyCache } from '@thingpass/aws/registry/policy-cache'
import { createReadFacts } from '@thingpass/aws/registry/read-facts'
import { createRegistryWrites } from '@thingpass/aws/registry/registry-writes'
import { createControlPlane } from '@thingpass/control/control-plane'
import type { Fault } from '@thingpass/core/fault'
import { createIdentify } from '@thingpass/x509/identify'
import { createCertificatePorts } from './certificate-ports.ts'
import { createControlHandler } from './control.ts'
import { readEnvironment } from './environment.ts'

const { tableName, caKeyAliasPrefix, settings } = readEnvironment(process.env)
const clock = () => new Date()
const { region } = settings.deployment
const client = createDynamoClient({ region })
const memory = { issuerHints: createIssuerHints(), policyCache: createPolicyCache() }
const reportFault = ({ code, message }: Fault, requestId: string): void => {
  process.stderr.write(`${JSON.stringify({ fault: code, message, requestId })}\n`)
}

const openSigner = createKmsTenantSigners({
  client: createKmsClient({ region }),
  aliasPrefix: caKeyAliasPrefix,
})

/** The Lambda function behind every route of the REST API. */
export const handler = createControlHandler({
  controlPlane: createControlPlane({
    registryFor: (actor) =>
      createRegistryWrites({ client, tableName, clock, newId: randomUUID, actor }),
    ...createReadFacts({ client, tableName, ...memory, clock }),
    identifyCertificate: createIdentify(),
    mayPassRole: createMayPassRole({ client: createIamClient({ region }) }),
    ...createCertificatePorts({ openSigner, clock }),
    // IAM keeps all but administrators off the routes that are theirs; on every other route nobody is one.
    isAdministrator: async () => false,
    clock,
    reportFault,
    settings,
  }),
  reportFault,
})
