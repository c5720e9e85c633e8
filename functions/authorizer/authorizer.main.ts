import { createDynamoClient } from '@thingpass/aws/clients'
import { createIssuerHints } from '@thingpass/aws/registry/issuer-hint'
import { createPolicyCache } from '@thingpass/aws/registry/policy-cache'
import { createReadFacts } from '@thingpass/aws/registry/read-facts'
import { createIdentify } from '@thingpass/x509/identify'
import { writeLine } from '../credentials/log-line.ts'
import { createMetricLine } from '../credentials/metrics.ts'
import { AUTHORIZER_FORMATS, type AuthorizerPorts, createAuthorizerHandler } from './authorizer.ts'
import { readAuthorizerEnvironment } from './environment.ts'

const { tableName, singleTenant, metricNamespace, settings, format } = readAuthorizerEnvironment(
  process.env,
)
const renderMetricLine = createMetricLine(metricNamespace)
const clock = () => new Date()
const client = createDynamoClient({ region: settings.deployment.region })
const issuerHints = createIssuerHints(singleTenant === undefined ? {} : { singleTenant })
const policyCache = createPolicyCache()

const ports: AuthorizerPorts = {
  identifyCertificate: createIdentify(),
  ...createReadFacts({ client, tableName, issuerHints, policyCache, clock }),
  writeAudit: (record) => writeLine(process.stdout, renderMetricLine(record)),
  reportFault: ({ code, message }, requestId) => {
    process.stderr.write(`${JSON.stringify({ fault: code, message, requestId })}\n`)
  },
  clock,
  stopwatch: () => performance.now(),
  settings,
}

/** The Lambda function that API Gateway asks before it hands a request on to a guarded API. */
export const handler =
  format === 'rest'
    ? createAuthorizerHandler(ports, AUTHORIZER_FORMATS.rest)
    : format === 'http-iam'
      ? createAuthorizerHandler(ports, AUTHORIZER_FORMATS['http-iam'])
      : createAuthorizerHandler(ports, AUTHORIZER_FORMATS['http-simple'])
