import type { Writable } from 'node:stream'
import { createDynamoClient, createStsClient } from '@thingpass/aws/clients'
import { createTakeFromBudget } from '@thingpass/aws/registry/budget'
import { createIssuerHints } from '@thingpass/aws/registry/issuer-hint'
import { createPolicyCache } from '@thingpass/aws/registry/policy-cache'
import { createReadFacts } from '@thingpass/aws/registry/read-facts'
import { createStsIssuer } from '@thingpass/aws/sts/issuer'
import { createIdentify } from '@thingpass/x509/identify'
import type { CredentialsPorts } from './credentials.ts'
import type { CredentialsEnvironment } from './environment.ts'
import { writeLine } from './log-line.ts'
import { createMetricLine } from './metrics.ts'

/** Wires a deployed credentials function, whatever its front door is: audit records go to `stdout`, faults to `stderr`. */
export function createCredentialsPorts(
  { tableName, singleTenant, metricNamespace, settings }: CredentialsEnvironment,
  { stdout, stderr }: { readonly stdout: Writable; readonly stderr: Writable },
): CredentialsPorts {
  const renderMetricLine = createMetricLine(metricNamespace)
  const clock = () => new Date()
  const { region } = settings.deployment
  const client = createDynamoClient({ region })
  const issuerHints = createIssuerHints(singleTenant === undefined ? {} : { singleTenant })
  const policyCache = createPolicyCache()
  return {
    identifyCertificate: createIdentify(),
    ...createReadFacts({ client, tableName, issuerHints, policyCache, clock }),
    takeFromBudget: createTakeFromBudget({ client, tableName, clock }),
    issueCredentials: createStsIssuer({ client: createStsClient({ region }), clock }),
    writeAudit: (record) => writeLine(stdout, renderMetricLine(record)),
    reportFault: ({ code, message }, requestId) => {
      stderr.write(`${JSON.stringify({ fault: code, message, requestId })}\n`)
    },
    clock,
    stopwatch: () => performance.now(),
    random: Math.random,
    settings,
  }
}
