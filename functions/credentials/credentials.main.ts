import { createDynamoClient, createStsClient } from '@thingpass/aws/clients'
import { createTakeFromBudget } from '@thingpass/aws/registry/budget'
import { createIssuerHints } from '@thingpass/aws/registry/issuer-hint'
import { createPolicyCache } from '@thingpass/aws/registry/policy-cache'
import { createReadFacts } from '@thingpass/aws/registry/read-facts'
import { createStsIssuer } from '@thingpass/aws/sts/issuer'
import { createIdentify } from '@thingpass/x509/identify'
import { createCredentialsHandler } from './credentials.ts'
import { readEnvironment } from './environment.ts'
import { writeLine } from './log-line.ts'
import { renderMetricLine } from './metrics.ts'

const { tableName, singleTenant, settings } = readEnvironment(process.env)
const clock = () => new Date()
const { region } = settings.deployment
const client = createDynamoClient({ region })
const issuerHints = createIssuerHints(singleTenant === undefined ? {} : { singleTenant })
const policyCache = createPolicyCache()

/** The Lambda function behind `GET /role-aliases/{roleAlias}/credentials` of the HTTP API. */
export const handler = createCredentialsHandler({
  identifyCertificate: createIdentify(),
  ...createReadFacts({ client, tableName, issuerHints, policyCache, clock }),
  takeFromBudget: createTakeFromBudget({ client, tableName, clock }),
  issueCredentials: createStsIssuer({ client: createStsClient({ region }), clock }),
  writeAudit: (record) => writeLine(process.stdout, renderMetricLine(record)),
  reportFault: ({ code, message }, requestId) => {
    process.stderr.write(`${JSON.stringify({ fault: code, message, requestId })}\n`)
  },
  clock,
  stopwatch: () => performance.now(),
  random: Math.random,
  settings,
})
