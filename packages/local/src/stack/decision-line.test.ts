import type { AuditRecord } from '@thingpass/core/audit-record'
import { parseRoleAlias } from '@thingpass/core/names'
import { expect, test } from 'vitest'
import { decisionLine } from './decision-line.ts'

const RECORD: AuditRecord = {
  kind: 'credentials',
  time: '2030-01-01T00:00:00.000Z',
  requestId: 'r-1',
  decision: 'allow',
  status: 200,
  tenantId: 'default',
  thingName: 'camera-1',
  roleAlias: parseRoleAlias('demo-camera')!,
  accessKeyId: 'ASIALOCALEXAMPLE',
  durationGivenSeconds: 3600,
  timings: {},
}
const { tenantId: _tenant, thingName: _thing, durationGivenSeconds: _seconds, ...bare } = RECORD
const { roleAlias: _alias, ...nameless } = bare

const rows: [record: AuditRecord, line: string][] = [
  [RECORD, '2030-01-01T00:00:00.000Z 200 allow default camera-1 demo-camera 3600s r-1'],
  [
    { ...RECORD, decision: 'deny', status: 403, reason: 'policy-denies' },
    '2030-01-01T00:00:00.000Z 403 deny default camera-1 demo-camera policy-denies r-1',
  ],
  [
    { ...bare, decision: 'fault', status: 503, fault: 'REGISTRY_TIMEOUT' },
    '2030-01-01T00:00:00.000Z 503 fault - - demo-camera REGISTRY_TIMEOUT r-1',
  ],
  [nameless, '2030-01-01T00:00:00.000Z 200 allow - - - r-1'],
  [bare, '2030-01-01T00:00:00.000Z 200 allow - - demo-camera r-1'],
]
test.each(rows)('a decision is said in one line', (record, line) => {
  expect(decisionLine(record)).toBe(line)
})
