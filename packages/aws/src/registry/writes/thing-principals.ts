import { Fault } from '@thingpass/core/fault'
import type {
  AttachmentInput,
  ThingPrincipalWrites,
} from '@thingpass/core/registry-writes/thing-principals'
import { number, text } from '../attributes.ts'
import type { CertificateItem } from '../items/certificate.ts'
import type { ThingItem } from '../items/thing.ts'
import { decodeThingEdge, encodeThingEdge, type ThingEdge } from '../items/thing-edge.ts'
import { certificateKey, certificateThingKey, thingCertificateKey, thingKey } from '../keys.ts'
import { readCertificate } from './certificate-reads.ts'
import { change, nothingToDo, refuse } from './plan.ts'
import { readThing } from './things.ts'
import type { Registry } from './transaction.ts'

type Attaching = Parameters<ThingPrincipalWrites['attachThing']>[0]

/** Makes the attachments of certificates to things. */
export function thingPrincipalWrites(registry: Registry): ThingPrincipalWrites {
  return {
    attachThing: (input) => registry.change(() => planAttachment(registry, input)),
    detachThing: (input) => registry.change(() => planDetachment(registry, input)),
  }
}

/** Both ends of an attachment, and the edge where there is one. */
type Ends = {
  readonly certificate: CertificateItem
  readonly thing: ThingItem
  readonly edge: ThingEdge | undefined
}

async function readEnds(registry: Registry, input: AttachmentInput) {
  const [certificate, thing, item] = await Promise.all([
    readCertificate(registry, input),
    readThing(registry, input),
    registry.get(certificateThingKey(input.certificateId, input.thingName)),
  ])
  if (!certificate) return refuse('certificate-unknown')
  if (!thing) return refuse('thing-unknown')
  const edge = item && decodeThingEdge(item, 'certificate')
  if (edge && !isLive(edge, { certificate, thing })) {
    throw new Fault(
      'REGISTRY_INCONSISTENT',
      `edge of an earlier registration or thing at ${input.certificateId}`,
    )
  }
  return { certificate, thing, edge }
}

const isLive = (edge: ThingEdge, { certificate, thing }: Omit<Ends, 'edge'>): boolean =>
  edge.tenantId === certificate.record.tenantId &&
  edge.registrationId === certificate.record.registrationId &&
  edge.thingId === thing.record.thingId

async function planAttachment(registry: Registry, input: Attaching) {
  const ends = await readEnds(registry, input)
  if ('outcome' in ends) return ends
  const { certificate, edge } = ends
  if (edge?.exclusive === input.exclusive) return nothingToDo({ changed: false })
  const { exclusiveThing } = certificate.record
  if (exclusiveThing !== undefined) return refuse('certificate-exclusive')
  const others = certificate.thingCount - (edge ? 1 : 0)
  if (input.exclusive && others > 0) return refuse('certificate-has-other-things')
  return change({ changed: true }, writeEdge(registry, input, ends))
}

/** Attaches, or makes the certificate's only attachment exclusive. */
function writeEdge(
  registry: Registry,
  input: Attaching,
  { certificate, thing, edge: before }: Ends,
) {
  const { tenantId, certificateId, thingName, exclusive } = input
  const { registrationId } = certificate.record
  const { thingId } = thing.record
  const edge = {
    tenantId,
    certificateId,
    registrationId,
    thingName,
    thingId,
    exclusive,
    attachedAt: registry.now(),
  }
  const by = before ? 0 : 1
  const onlyThing = exclusive ? { thingCount: number(before ? 1 : 0) } : {}
  return {
    writes: [
      registry.put(encodeThingEdge(edge, 'certificate'), before ? {} : { missing: true }),
      registry.put(encodeThingEdge(edge, 'thing')),
      registry.update(
        certificateKey(certificateId),
        { add: { thingCount: by }, set: exclusive ? { exclusiveThing: text(thingName) } : {} },
        {
          equal: { registrationId: text(registrationId), ...onlyThing },
          absent: ['exclusiveThing'],
        },
      ),
      registry.update(
        thingKey(tenantId, thingName),
        { add: { principalCount: by } },
        { equal: { thingId: text(thingId) } },
      ),
    ],
    audit: {
      ...auditOf(input, 'attach-thing'),
      ...(before && { before: { thingName, exclusive: before.exclusive } }),
      after: { thingName, exclusive },
    },
  }
}

async function planDetachment(registry: Registry, input: AttachmentInput) {
  const ends = await readEnds(registry, input)
  if ('outcome' in ends) return ends
  const { edge } = ends
  if (!edge) return nothingToDo({ changed: false })
  const { certificateId, tenantId, thingName } = input
  return change(
    { changed: true },
    {
      writes: [
        registry.remove(certificateThingKey(certificateId, thingName), {}),
        registry.drop(thingCertificateKey(tenantId, thingName, certificateId)),
        registry.update(
          certificateKey(certificateId),
          { add: { thingCount: -1 }, remove: ['exclusiveThing'] }, // an exclusive thing is the only one
          { equal: { registrationId: text(edge.registrationId) } },
        ),
        registry.update(thingKey(tenantId, thingName), { add: { principalCount: -1 } }, {}),
      ],
      audit: {
        ...auditOf(input, 'detach-thing'),
        before: { thingName, exclusive: edge.exclusive },
      },
    },
  )
}

const auditOf = ({ tenantId, certificateId }: AttachmentInput, action: string) => ({
  tenantId,
  action,
  subject: `cert/${certificateId}`,
})
