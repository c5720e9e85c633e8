import { type FakeAccount, fakeArn } from './fake-aws-iot-account.ts'

/** An answer that is an error. */
export type FakeRefusal = { readonly code: string; readonly status: number }

/** Whether the answer is an error. */
export function isRefusal(answer: object): answer is FakeRefusal {
  return 'code' in answer
}

type Asked = {
  readonly account: FakeAccount
  /** The decoded labels of the path. */
  readonly labels: readonly string[]
  readonly query: URLSearchParams
}

/** What AWS IoT answers to a request that reads; anything else is refused. */
export function answerFakeAwsIot(account: FakeAccount, method: string, url: URL): object {
  for (const [route, answer] of ROUTES) {
    const [routeMethod = '', pattern = ''] = route.split(' ')
    const labels = matchPath(pattern, url.pathname)
    if (routeMethod === method && labels !== undefined) {
      return answer({ account, labels, query: url.searchParams })
    }
  }
  return { code: 'UnknownOperationException', status: 404 }
}

function matchPath(pattern: string, path: string): readonly string[] | undefined {
  const wanted = pattern.split('/')
  const given = path.replace(/\/$/, '').split('/')
  if (wanted.length !== given.length) return undefined
  const labels: string[] = []
  for (const [index, segment] of wanted.entries()) {
    if (segment === '{}') labels.push(decodeURIComponent(given[index]!))
    else if (segment !== given[index]) return undefined
  }
  return labels
}

const DATE = 1_700_000_000

const ROUTES: readonly (readonly [string, (asked: Asked) => object])[] = [
  ['GET /thing-types', (asked) => tokens(asked, 'thingTypes', asked.account.thingTypes, thingType)],
  ['GET /thing-types/{}', ({ account, labels }) => thingType(find(account.thingTypes, labels))],
  [
    'GET /things',
    (asked) =>
      tokens(asked, 'things', asked.account.things, ({ name, type, attributes }) => ({
        ...{ thingName: name, thingTypeName: type, attributes, version: 1 },
        thingArn: fakeArn(`thing/${name}`),
      })),
  ],
  [
    'GET /things/{}/principals-v2',
    (asked) =>
      tokens(
        asked,
        'thingPrincipalObjects',
        find(asked.account.things, asked.labels).principals,
        ({ arn, exclusive }) => ({
          principal: arn,
          thingPrincipalType: exclusive ? 'EXCLUSIVE_THING' : 'NON_EXCLUSIVE_THING',
        }),
      ),
  ],
  [
    'GET /thing-groups',
    (asked) =>
      tokens(asked, 'thingGroups', asked.account.groups, ({ name }) => ({
        groupName: name,
        groupArn: fakeArn(`thinggroup/${name}`),
      })),
  ],
  ['GET /thing-groups/{}', ({ account, labels }) => thingGroup(find(account.groups, labels))],
  [
    'GET /thing-groups/{}/things',
    (asked) =>
      tokens(asked, 'things', find(asked.account.groups, asked.labels).things, (one) => one),
  ],
  [
    'GET /cacertificates',
    (asked) =>
      markers(asked, 'certificates', asked.account.cas, ({ id, status }) => ({
        ...{ certificateId: id, certificateArn: fakeArn(`cacert/${id}`), status },
      })),
  ],
  [
    'GET /cacertificate/{}',
    ({ account, labels }) => {
      const { id, pem, status } = findId(account.cas, labels)
      return {
        certificateDescription: {
          ...{ certificateId: id, certificateArn: fakeArn(`cacert/${id}`), certificatePem: pem },
          ...{ status, autoRegistrationStatus: 'DISABLE', certificateMode: 'DEFAULT' },
        },
      }
    },
  ],
  [
    'GET /certificates',
    (asked) =>
      markers(asked, 'certificates', asked.account.certificates, ({ id, status }) => ({
        ...{ certificateId: id, certificateArn: fakeArn(`cert/${id}`), status },
      })),
  ],
  [
    'GET /certificates/{}',
    ({ account, labels }) => {
      const { id, pem, status, caId } = findId(account.certificates, labels)
      return {
        certificateDescription: {
          ...{ certificateId: id, certificateArn: fakeArn(`cert/${id}`), certificatePem: pem },
          ...{ status, caCertificateId: caId, creationDate: DATE },
        },
      }
    },
  ],
  [
    'GET /policies',
    (asked) =>
      markers(asked, 'policies', asked.account.policies, ({ name }) => ({
        policyName: name,
        policyArn: fakeArn(`policy/${name}`),
      })),
  ],
  [
    'GET /policies/{}/version',
    ({ account, labels }) => {
      const { versions, defaultVersionId } = find(account.policies, labels)
      // AWS lists the newest first.
      const policyVersions = versions
        .map(({ id }) => ({ versionId: id, isDefaultVersion: id === defaultVersionId }))
        .toReversed()
      return { policyVersions }
    },
  ],
  [
    'GET /policies/{}/version/{}',
    ({ account, labels }) => {
      const version = findId(find(account.policies, labels).versions, labels.slice(1))
      return { policyVersionId: version.id, policyDocument: version.document }
    },
  ],
  [
    'POST /policy-targets/{}',
    (asked) =>
      markers(asked, 'targets', find(asked.account.policies, asked.labels).targets, (one) => one),
  ],
  [
    'GET /role-aliases',
    (asked) => markers(asked, 'roleAliases', asked.account.roleAliases, nameOf),
  ],
  [
    'GET /role-aliases/{}',
    ({ account, labels }) => {
      const { name, roleArn, durationSeconds } = find(account.roleAliases, labels)
      return {
        roleAliasDescription: {
          ...{ roleAlias: name, roleAliasArn: fakeArn(`rolealias/${name}`), roleArn },
          credentialDurationSeconds: durationSeconds,
        },
      }
    },
  ],
  ['GET /tags', () => ({ tags: [] })],
  [
    'GET /billing-groups',
    (asked) =>
      tokens(asked, 'billingGroups', asked.account.billingGroups, (groupName) => ({ groupName })),
  ],
  [
    'GET /provisioning-templates',
    (asked) =>
      tokens(asked, 'templates', asked.account.provisioningTemplates, (templateName) => ({
        templateName,
      })),
  ],
  ['GET /jobs', (asked) => tokens(asked, 'jobs', asked.account.jobs, (jobId) => ({ jobId }))],
  [
    'GET /certificates-out-going',
    (asked) => {
      const pending = asked.account.certificates.filter((one) => one.status === 'PENDING_TRANSFER')
      return markers(asked, 'outgoingCertificates', pending, ({ id }) => ({ certificateId: id }))
    },
  ],
  ['GET /authorizers', () => ({ authorizers: [] })],
  ['GET /rules', () => ({ code: 'AccessDeniedException', status: 403 })],
]

function thingType({ name, deprecated }: FakeAccount['thingTypes'][number]): object {
  return {
    ...{ thingTypeName: name, thingTypeArn: fakeArn(`thingtype/${name}`) },
    thingTypeProperties: { thingTypeDescription: `All of ${name}`, searchableAttributes: ['site'] },
    thingTypeMetadata: { deprecated, creationDate: DATE },
  }
}

function thingGroup({ name, parent, query }: FakeAccount['groups'][number]): object {
  return {
    ...{ thingGroupName: name, thingGroupArn: fakeArn(`thinggroup/${name}`), version: 1 },
    thingGroupProperties: { attributePayload: { attributes: { kind: 'site' } } },
    thingGroupMetadata: { parentGroupName: parent, creationDate: DATE },
    queryString: query,
  }
}

const nameOf = ({ name }: { readonly name: string }) => name

function find<Item extends { readonly name: string }>(
  items: readonly Item[],
  [name]: readonly string[],
): Item {
  return known(items.find((item) => item.name === name))
}

function findId<Item extends { readonly id: string }>(
  items: readonly Item[],
  [id]: readonly string[],
): Item {
  return known(items.find((item) => item.id === id))
}

function known<Item>(item: Item | undefined): Item {
  if (item === undefined) throw new Error('an import asks only for what was listed')
  return item
}

/** A page in the dialect of things. */
function tokens<Item>(
  { query }: Asked,
  member: string,
  items: readonly Item[],
  show: (item: Item) => unknown,
): object {
  const page = pageOf(items, query.get('maxResults'), query.get('nextToken'))
  return { [member]: page.items.map(show), nextToken: page.next }
}

/** A page in the dialect of certificates and policies. */
function markers<Item>(
  { query }: Asked,
  member: string,
  items: readonly Item[],
  show: (item: Item) => unknown,
): object {
  const page = pageOf(items, query.get('pageSize'), query.get('marker'))
  return { [member]: page.items.map(show), nextMarker: page.next }
}

const USUAL_SIZE = 25

function pageOf<Item>(items: readonly Item[], size: string | null, token: string | null) {
  const length = Number(size ?? USUAL_SIZE)
  const start = Number(Buffer.from(token ?? '', 'base64').toString() || '0')
  if (!(Number.isInteger(start) && length >= 1 && length <= 250)) {
    throw new Error('no such page')
  }
  const end = start + length
  const next = end < items.length ? Buffer.from(String(end)).toString('base64') : undefined
  return { items: items.slice(start, end), next }
}
