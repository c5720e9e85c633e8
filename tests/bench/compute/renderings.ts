import { LONGEST_POLICY, renderSessionPolicy } from '@thingpass/core/session/render'
import { parseSessionTemplate } from '@thingpass/core/session/template'
import type { Row } from '../row.ts'
import { median } from '../statistics.ts'
import { ratesOf } from './timing.ts'

const VALUES: ReadonlyMap<string, string> = new Map([
  ['credentials-iot:thingname', 'camera-1'],
  ['credentials-iot:thingtypename', 'camera'],
  ['thingpass:tenantid', 'acme'],
])

const statement = (index: number) => ({
  Sid: `Own${index}`,
  Effect: 'Allow',
  Action: ['s3:GetObject', 's3:PutObject'],
  Resource: `arn:aws:s3:::fleet-${index}/\${thingpass:TenantId}/\${credentials-iot:ThingName}/*`,
})

/** Section d. */
export function renderingRows(quick: boolean): readonly Row[] {
  const plan = { blocks: quick ? 5 : 15, milliseconds: 200 }
  return [2, mostStatements()].map((count) => ({
    section: 'd',
    what: `session policies rendered, ${count} statements, ${rendered(count).length} characters`,
    unit: '/s',
    ours: median(ratesOf(renderer(count), plan)),
  }))
}

/** As many statements as a session policy holds. */
function mostStatements(): number {
  let count = 1
  while (renderer(count + 1)().ok) count += 1
  return count
}

function rendered(count: number): string {
  const rendering = renderer(count)()
  if (!rendering.ok) throw new Error(`${rendering.problem}, at most ${LONGEST_POLICY}`)
  return rendering.policy
}

function renderer(count: number) {
  const Statement = Array.from({ length: count }, (_, index) => statement(index))
  const reading = parseSessionTemplate(JSON.stringify({ Version: '2012-10-17', Statement }))
  if (!reading.ok) throw new Error(reading.problem)
  const templates = [{ name: 'own-prefix', template: reading.template }]
  return () =>
    renderSessionPolicy(templates, (name) => [VALUES.get(name.toLowerCase()) ?? []].flat())
}
