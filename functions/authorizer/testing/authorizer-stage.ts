import type { AuditRecord } from '@thingpass/core/audit-record'
import type { FactsQuery, RegistryFacts } from '@thingpass/core/facts'
// biome-ignore lint/style/noRestrictedImports: this file is test support itself
import * as example from '@thingpass/core/testing/decision-example'
import type { AuthorizerPorts } from '../authorizer.ts'
import { HOST, PEM } from './golden-events.ts'

/** A device that may GET its own readings, in every stage of the API that its tenant was given. */
export const OWN_READINGS = {
  Effect: 'Allow',
  Action: 'execute-api:Invoke',
  Resource: `arn:aws:execute-api:*:*:api1/*/GET/readings/\${iot:Connection.Thing.ThingName}`,
}

/** What the registry of the example knows. */
export const registry: RegistryFacts = {
  ...example.facts,
  tenant: {
    ...example.facts.tenant,
    apiArnPatterns: ['arn:aws:execute-api:us-east-1:123456789012:api1/*'],
  },
  policies: [example.policy(OWN_READINGS)],
}

/** Ports that all work; `changed` replaces some, and what was seen can be looked at afterwards. */
export function stagePorts(changed: Partial<AuthorizerPorts> = {}, known = registry) {
  const seen = {
    audits: [] as AuditRecord[],
    faults: [] as string[],
    queries: [] as FactsQuery[],
    remembered: [] as unknown[],
  }
  const ports: AuthorizerPorts = {
    identifyCertificate: (presented) =>
      presented === PEM
        ? { ok: true, certificate: { facts: example.certificate, isSignedBy: () => true } }
        : { ok: false, reason: 'certificate-malformed' },
    readFacts: async (query) => {
      seen.queries.push(query)
      return { facts: known, cost: { rounds: 1, calls: 3, capacityUnits: 6 } }
    },
    rememberIssuer: (...call) => seen.remembered.push(call),
    writeAudit: async (record) => {
      seen.audits.push(record)
    },
    reportFault: (fault) => seen.faults.push(fault.code),
    clock: () => example.NOON,
    stopwatch: () => 0,
    settings: {
      deployment: example.circumstances.deployment,
      hostNames: [HOST],
      deadlineMilliseconds: 2500,
      attributeNames: ['site'],
    },
    ...changed,
  }
  return { ports, seen }
}
