import type { FakeAccount } from './fake-aws-iot-account.ts'
import { FAKE_PLACE } from './fake-aws-iot-account.ts'

/** Where the ARNs of a test stack point. */
const HERE = { account: '123456789012', region: 'us-east-1' }
const PENDING = /^PENDING_/

/** The lines that an export of a tenant must have after an import of the account, without the head; in no particular order. */
export function expectedLines(
  account: FakeAccount,
  { withCas }: { readonly withCas: boolean },
): readonly unknown[] {
  const { thingTypes, things, groups, cas, certificates, policies, roleAliases } = account
  const carried = certificates.filter(({ status }) => !PENDING.test(status))
  const isCarried = (arn: string) => carried.some(({ id }) => arn.endsWith(`:cert/${id}`))
  const carriedArns = new Set(
    things.flatMap(({ principals }) => principals.map(({ arn }) => arn)).filter(isCarried),
  )
  return [
    ...thingTypes.map(({ name, deprecated }) => ({
      ...{ kind: 'thing-type', name, description: `All of ${name}`, deprecated },
      ...{ searchableAttributes: ['site'], tags: {} },
    })),
    ...groups
      .filter(({ query }) => query === undefined)
      .map(({ name, parent }) => ({
        ...{ kind: 'thing-group', name, ...(parent && { parent }) },
        ...{ attributes: { kind: 'site' }, tags: {} },
      })),
    ...things.map(({ name, type, attributes }) => ({ kind: 'thing', name, type, attributes })),
    ...groups
      .filter(({ query }) => query === undefined)
      .flatMap(({ name, things: members }) =>
        members.map((thing) => ({ kind: 'thing-group-member', group: name, thing })),
      ),
    ...(withCas
      ? cas.map((ca) => ({
          ...{ kind: 'ca', ...ca, mode: 'DEFAULT', autoRegistration: false },
          ...{ provisions: false, tags: {} },
        }))
      : []),
    ...carried.map(({ caId, ...certificate }) => ({
      ...{ kind: 'certificate', ...certificate },
      ...(withCas && caId !== undefined && { caId }),
    })),
    ...policies.map(({ name, versions, defaultVersionId }) => ({
      ...{ kind: 'policy', name, tags: {} },
      versions: versions.map(({ id, document }) => ({
        document: document
          .replaceAll(FAKE_PLACE.account, HERE.account)
          .replaceAll(FAKE_PLACE.region, HERE.region),
        isDefault: id === defaultVersionId,
      })),
    })),
    ...roleAliases.map((alias) => ({
      ...{ kind: 'role-alias', ...alias, tags: {} },
      profile: {
        ...{ scope: 'role', tags: {}, transitiveTagKeys: [] },
        ...{ requireThingName: false, longDuration: 'clamp' },
      },
    })),
    ...policies.flatMap(({ name: policy, targets }) =>
      targets.flatMap((target) => attachmentOf(policy, target, carried)),
    ),
    ...things.flatMap(({ name, principals }) => {
      const kept = principals.filter(({ arn }) => carriedArns.has(arn))
      const shown = kept.map(({ arn, exclusive }) => ({
        ...{ kind: 'certificate', name: arn.split('/')[1], exclusive },
      }))
      return shown.length === 0
        ? []
        : [{ kind: 'thing-principals', thing: name, principals: shown }]
    }),
  ]
}

function attachmentOf(
  policy: string,
  target: string,
  carried: FakeAccount['certificates'],
): readonly object[] {
  const [, kind = '', name = ''] = /:(cert|thinggroup)\/(.+)$/.exec(target) ?? []
  if (kind === 'cert' && carried.some(({ id }) => id === name)) {
    return [{ kind: 'policy-attachment', policy, target: { kind: 'certificate', name } }]
  }
  return kind === 'thinggroup' && name !== 'dynamic'
    ? [{ kind: 'policy-attachment', policy, target: { kind: 'thing-group', name } }]
    : []
}
