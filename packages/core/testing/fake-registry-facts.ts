import type {
  AttachedPolicy,
  AttachedSessionPolicy,
  FactsQuery,
  RegistryFacts,
} from '../src/facts.ts'
import { Fault } from '../src/fault.ts'
import type { ThingName } from '../src/names.ts'
import { parsePolicyDocument } from '../src/policy/document.ts'
import type { Clock, ReadFacts } from '../src/ports.ts'
import type { CertificateRecord, TenantRecord } from '../src/records.ts'
import type { PolicyAttachmentInput } from '../src/registry-writes/policy-attachments.ts'
import { parseSessionTemplate } from '../src/session/template.ts'
import { fakeCertificateRecord } from './fake-registry-certificates.ts'
import { fakeDefaultDocument } from './fake-registry-policies.ts'
import { fakeRevocationFacts } from './fake-registry-revocation.ts'
import {
  closureOf,
  edgesOf,
  type FakeState,
  type FakeWorld,
  keyOf,
  liveGroups,
} from './fake-registry-state.ts'

/** Reads facts from a fake registry; every read is one round of one call. */
export function fakeReadFacts({ state, failWhenAsked }: FakeWorld, clock: Clock): ReadFacts {
  return async (query) => {
    failWhenAsked()
    const inTime = clock() < query.deadline
    if (!inTime) throw new Fault('REGISTRY_TIMEOUT', 'the deadline has come')
    return { facts: factsOf(state, query), cost: { rounds: 1, calls: 1, capacityUnits: 1 } }
  }
}

function factsOf(state: FakeState, query: FactsQuery): RegistryFacts {
  const stored = state.certificates.get(query.certificateId)
  if (!stored) return { policies: [], sessionPolicies: [] }
  const certificate = fakeCertificateRecord(state, stored)
  const { tenantId, certificateId } = certificate
  const tenant = state.tenants.get(tenantId)?.record
  const thing = thingOf(state, certificate, query.thingName ?? defaultThing(certificate, tenant))
  const alias = state.aliases.get(keyOf(tenantId, query.roleAlias ?? ''))?.record
  const own = edgesOf(state, tenantId, { kind: 'certificate', certificateId })
  return {
    certificate,
    ...(tenant && { tenant }),
    ...caFacts(state, certificate, query),
    ...(thing && { thing }),
    policies: [
      ...own.map((edge) => policyOf(state, edge, { kind: 'certificate' })),
      ...(thing?.record.groups ?? []).flatMap(({ groupName }) =>
        edgesOf(state, tenantId, { kind: 'thing-group', groupName }).map((edge) =>
          policyOf(state, edge, { kind: 'thing-group', groupName }),
        ),
      ),
    ],
    ...(alias && { alias }),
    sessionPolicies: alias
      ? edgesOf(state, tenantId, { kind: 'role-alias', roleAlias: alias.roleAlias }).map((edge) =>
          sessionPolicyOf(state, edge),
        )
      : [],
  }
}

function caFacts(
  state: FakeState,
  { tenantId, registration }: CertificateRecord,
  query: FactsQuery,
): Pick<RegistryFacts, 'ca' | 'revocation'> {
  if (registration.kind !== 'ca') return {}
  const ca = state.cas.get(keyOf(tenantId, registration.caCertificateId))?.record
  if (!ca) return {}
  const revocation = fakeRevocationFacts(state, ca, query)
  return { ca, ...(revocation && { revocation }) }
}

const defaultThing = (
  { exclusiveThing }: CertificateRecord,
  tenant: TenantRecord | undefined,
): ThingName | undefined => (tenant?.defaultThing === 'exclusive' ? exclusiveThing : undefined)

/** A thing that is not attached is reported without groups. */
function thingOf(
  state: FakeState,
  { tenantId, certificateId }: CertificateRecord,
  thingName: ThingName | undefined,
): RegistryFacts['thing'] {
  const thing = state.things.get(keyOf(tenantId, thingName ?? ''))
  if (!thing) return undefined
  const attached = state.attachments.has(keyOf(certificateId, thing.record.thingName))
  const groups = attached ? closureOf(liveGroups(state, tenantId, thing.direct)) : []
  return { record: { ...thing.record, groups }, attached }
}

function identityOf(state: FakeState, { tenantId, policyName }: PolicyAttachmentInput) {
  const policy = state.policies.get(keyOf(tenantId, policyName))
  if (!policy) throw new Fault('REGISTRY_INCONSISTENT', `an edge leads to no policy: ${policyName}`)
  const { generationId, defaultVersionId: versionId } = policy
  return { identity: { policyName, versionId, generationId }, text: fakeDefaultDocument(policy) }
}

function policyOf(
  state: FakeState,
  edge: PolicyAttachmentInput,
  attachedTo: AttachedPolicy['attachedTo'],
): AttachedPolicy {
  const { identity, text } = identityOf(state, edge)
  const parsed = parsePolicyDocument(text, 'iot')
  return { ...identity, attachedTo, document: parsed.ok ? parsed.document : undefined }
}

function sessionPolicyOf(state: FakeState, edge: PolicyAttachmentInput): AttachedSessionPolicy {
  const { identity, text } = identityOf(state, edge)
  const parsed = parseSessionTemplate(text)
  return { ...identity, template: parsed.ok ? parsed.template : undefined }
}
