import { createDynamoClient } from '@thingpass/aws/clients'
import { createIssuerHints } from '@thingpass/aws/registry/issuer-hint'
import { createPolicyCache } from '@thingpass/aws/registry/policy-cache'
import { createReadFacts } from '@thingpass/aws/registry/read-facts'
import { createIdentify } from '@thingpass/x509/identify'
import { readEnvironment } from '../credentials/environment.ts'
import { createWhoamiHandler } from './whoami.ts'

const { tableName, singleTenant, settings } = readEnvironment(process.env)
const clock = () => new Date()
const client = createDynamoClient({ region: settings.deployment.region })
const issuerHints = createIssuerHints(singleTenant === undefined ? {} : { singleTenant })

/** The Lambda function of `GET /whoami`, behind the authorizer. */
export const handler = createWhoamiHandler({
  identifyCertificate: createIdentify(),
  ...createReadFacts({ client, tableName, issuerHints, policyCache: createPolicyCache(), clock }),
  reportFault: ({ code, message }, requestId) => {
    process.stderr.write(`${JSON.stringify({ fault: code, message, requestId })}\n`)
  },
  clock,
  stopwatch: () => performance.now(),
  settings,
})
