import { MAX_TAGS, type TaggedResource } from '@thingpass/core/registry-writes/tags'
import { type Refused, refuse, succeed } from '../api-error.ts'
import type { Arns } from '../arn.ts'
import { listOf } from '../compound-shape.ts'
import { ARN } from '../fields.ts'
import { body, needed, query } from '../members.ts'
import { defineOperation } from '../operation.ts'
import { INVALID_TOKEN } from '../pagination.ts'
import { text } from '../shape.ts'
import { TAG_KEY, TAGS } from '../tag-shape.ts'

const tagResource = defineOperation({
  name: 'TagResource',
  method: 'POST',
  path: '/tags',
  input: { resourceArn: needed(body(ARN)), tags: needed(body(TAGS)) },
  errors: ['ResourceNotFoundException', 'LimitExceededException'],
  run: async ({ resourceArn, tags }, { registry, arns, tenant }) => {
    const reading = parseTagged(resourceArn, arns)
    if (!reading.ok) return reading
    const { resource } = reading
    const outcome = await registry.tagResource({ tenantId: tenant.tenantId, resource, tags })
    if (outcome.ok) return succeed()
    if (outcome.conflict === 'resource-unknown') return unknownResource(resourceArn)
    const message = `At most ${MAX_TAGS} tags can be attached to ${resourceArn}`
    return refuse('LimitExceededException', message)
  },
})

const untagResource = defineOperation({
  name: 'UntagResource',
  method: 'POST',
  path: '/untag',
  input: {
    resourceArn: needed(body(ARN)),
    tagKeys: needed(body(listOf(TAG_KEY, 0, MAX_TAGS))),
  },
  errors: ['ResourceNotFoundException'],
  run: async ({ resourceArn, tagKeys }, { registry, arns, tenant }) => {
    const reading = parseTagged(resourceArn, arns)
    if (!reading.ok) return reading
    const { resource } = reading
    const outcome = await registry.untagResource({ tenantId: tenant.tenantId, resource, tagKeys })
    return outcome.ok ? succeed() : unknownResource(resourceArn)
  },
})

const listTagsForResource = defineOperation({
  name: 'ListTagsForResource',
  method: 'GET',
  path: '/tags',
  input: { resourceArn: needed(query(ARN)), nextToken: query(text({ longest: 1024 })) },
  errors: ['ResourceNotFoundException'],
  run: async ({ resourceArn, nextToken }, { registry, arns, tenant }) => {
    // All tags of a resource fit one answer, so no token was ever given.
    if (nextToken !== undefined) return INVALID_TOKEN
    const reading = parseTagged(resourceArn, arns)
    if (!reading.ok) return reading
    const { resource } = reading
    const outcome = await registry.listTags({ tenantId: tenant.tenantId, resource })
    if (!outcome.ok) return unknownResource(resourceArn)
    return succeed({ tags: Array.from(outcome.tags, ([Key, Value]) => ({ Key, Value })) })
  },
})

/** Tags of resources. */
export const TAG_OPERATIONS = [tagResource, untagResource, listTagsForResource]

type TaggedReading =
  | { readonly ok: true; readonly resource: TaggedResource }
  | Refused<'InvalidRequestException'>

/** Reads the ARN of what can be tagged. Source: AWS IoT developer guide, tagging-iot. */
function parseTagged(arn: string, arns: Arns): TaggedReading {
  const reading = arns.parse(arn)
  if (!reading.ok) return refuse('InvalidRequestException', reading.problem)
  const { resource } = reading
  return resource.kind === 'thing' || resource.kind === 'certificate'
    ? refuse('InvalidRequestException', 'The given ARN does not represent a resource with tags')
    : { ok: true, resource }
}

function unknownResource(arn: string) {
  return refuse('ResourceNotFoundException', `The resource does not exist (arn=${arn})`)
}
