import type { Writable } from 'node:stream'
import { createBudgets } from '@thingpass/aws/registry/budget'
import { createIssuerHints } from '@thingpass/aws/registry/issuer-hint'
import { createPolicyCache } from '@thingpass/aws/registry/policy-cache'
import { createFactsReader } from '@thingpass/aws/registry/read-facts'
import type { RegistryCalls } from '@thingpass/aws/registry/registry-calls'
import type { AssumeRole } from '@thingpass/aws/sts/assume-role'
import { createIssuer } from '@thingpass/aws/sts/issuer'
import { createIdentify } from '@thingpass/x509/identify'
import type { CredentialsPorts } from './credentials.ts'
import type { CredentialsEnvironment } from './environment.ts'
import { writeLine } from './log-line.ts'
import { createMetricLine } from './metrics.ts'

/** How the two services are called. */
export type AwsServices = { readonly calls: RegistryCalls; readonly assumeRole: AssumeRole }

/** Wires a deployed credentials function, whatever its front door is and however it calls AWS: audit records go to `stdout`, faults to `stderr`. */
export function createCredentialsPorts(
  { tableName, singleTenant, metricNamespace, settings }: CredentialsEnvironment,
  { calls, assumeRole }: AwsServices,
  { stdout, stderr }: { readonly stdout: Writable; readonly stderr: Writable },
): CredentialsPorts {
  const renderMetricLine = createMetricLine(metricNamespace)
  const clock = () => new Date()
  const issuerHints = createIssuerHints(singleTenant === undefined ? {} : { singleTenant })
  const policyCache = createPolicyCache()
  return {
    identifyCertificate: createIdentify(),
    ...createFactsReader({ calls, tableName, issuerHints, policyCache, clock }),
    takeFromBudget: createBudgets({ calls, tableName, clock }),
    issueCredentials: createIssuer({ assumeRole, clock }),
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
