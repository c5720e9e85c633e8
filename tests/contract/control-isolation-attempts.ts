import { MINE, OWNED } from './control-isolation-world.ts'
import { ASSUME, arn, OTHER_ROLE, OWN_PREFIX } from './control-world.ts'

/** One way to try an operation on what default owns. */
export type Attempt = {
  readonly labels?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object
  /** Status when default does the same; left out where the attempt names something of acme's too. */
  readonly owner?: number
  /** What acme is answered. */
  readonly acme: 'ok' | AnswerType
  /** What acme would be answered if default owned nothing, where a name is one tenant's of the whole deployment. */
  readonly otherwise?: 'ok'
}

type Attempts = Readonly<Record<string, readonly Attempt[]>>

type AnswerType =
  | 'ResourceNotFoundException'
  | 'InvalidRequestException'
  | 'CertificateValidationException'
  | 'ResourceAlreadyExistsException'
  | 'UnknownOperationException'

const MISSING = 'ResourceNotFoundException'
const INVALID = 'InvalidRequestException'
/** Routes of the administrator do not exist under a tenant's prefix. */
const NO_ROUTE = { acme: 'UnknownOperationException' } as const

const [device, spare, mine] = [OWNED.device, OWNED.spareDevice, MINE.device]
const alias = arn('rolealias/owned-alias')
const group = arn('thinggroup/owned-group')
const noBody = {}
const authInfos = [{ actionType: 'CONNECT', resources: ['*'] }]

const named = (label: string, value: string) => ({ labels: { [label]: value } })
const role = (name: string) => named('roleAlias', name)
const policy = (name: string) => named('policyName', name)
const thing = (name: string) => named('thingName', name)
const type = (name: string) => named('thingTypeName', name)
const inGroup = (name: string) => named('thingGroupName', name)
const certificate = (id: string) => named('certificateId', id)
const caNamed = (id: string) => named('caCertificateId', id)
const version = (policyVersionId: string) => ({
  labels: { policyName: 'owned-policy', policyVersionId },
})
const principal = (value: string) => ({ headers: { 'x-amzn-principal': value } })
const legacy = (value: string) => ({ headers: { 'x-amzn-iot-principal': value } })
const membership = (thingName: string, thingGroupName: string) => ({
  body: { thingName, thingGroupName },
})

/** A read of one thing of default's that acme does not find. */
const read = (of: object): readonly Attempt[] => [{ ...of, owner: 200, acme: MISSING }]
/** A list in which acme sees only its own. */
const LIST: readonly Attempt[] = [{ owner: 200, acme: 'ok' }]
const REFUSED_TO_ALL: readonly Attempt[] = [
  {
    ...certificate(device.certificateId),
    body: noBody,
    query: { targetAwsAccount: '1'.repeat(12) },
    owner: 400,
    acme: INVALID,
  },
]

const ROLE_ALIASES: Attempts = {
  CreateRoleAlias: [
    { ...role('owned-alias'), body: { roleArn: OTHER_ROLE }, owner: 409, acme: 'ok' },
    { ...role('owned-loose'), body: { roleArn: OTHER_ROLE }, owner: 409, acme: 'ok' },
  ],
  UpdateRoleAlias: [
    { ...role('owned-alias'), body: { credentialDurationSeconds: 900 }, owner: 200, acme: MISSING },
  ],
  DescribeRoleAlias: read(role('owned-alias')),
  DeleteRoleAlias: read(role('owned-loose')),
  ListRoleAliases: LIST,
  GetSessionProfile: read(role('owned-alias')),
  PutSessionProfile: [
    { ...role('owned-loose'), body: { scope: 'role' }, owner: 200, acme: MISSING },
  ],
  DeleteSessionProfile: read(role('owned-alias')),
}

const POLICIES: Attempts = {
  CreatePolicy: [
    { ...policy('owned-policy'), body: { policyDocument: ASSUME }, owner: 409, acme: 'ok' },
  ],
  GetPolicy: read(policy('owned-policy')),
  DeletePolicy: read(policy('owned-loose')),
  ListPolicies: LIST,
  CreatePolicyVersion: [
    {
      ...policy('owned-policy'),
      ...{ body: { policyDocument: OWN_PREFIX }, query: { setAsDefault: 'true' } },
      ...{ owner: 200, acme: MISSING },
    },
  ],
  GetPolicyVersion: read(version('2')),
  ListPolicyVersions: read(policy('owned-policy')),
  DeletePolicyVersion: read(version('2')),
  SetDefaultPolicyVersion: read(version('2')),
}

const ATTACHMENTS: Attempts = {
  AttachPolicy: [device.arn, group, alias].flatMap((target): readonly Attempt[] => [
    { ...policy('owned-limit'), body: { target }, owner: 200, acme: MISSING },
    { ...policy('mine-limit'), body: { target }, acme: MISSING },
    { ...policy('owned-limit'), body: { target: mine.arn }, acme: MISSING },
  ]),
  DetachPolicy: [device.arn, group].flatMap((target): readonly Attempt[] => [
    { ...policy('owned-policy'), body: { target }, owner: 200, acme: MISSING },
    { ...policy('mine-policy'), body: { target }, acme: MISSING },
    { ...policy('owned-policy'), body: { target: mine.arn }, acme: MISSING },
  ]),
  ListAttachedPolicies: [device.arn, group, alias].flatMap((target) =>
    read({ ...named('target', target), query: { recursive: 'true' } }),
  ),
  ListTargetsForPolicy: read(policy('owned-policy')),
  AttachPrincipalPolicy: [
    { ...policy('owned-loose'), ...legacy(device.arn), owner: 200, acme: MISSING },
    { ...policy('mine-loose'), ...legacy(device.arn), acme: MISSING },
    { ...policy('owned-loose'), ...legacy(mine.arn), acme: MISSING },
  ],
  DetachPrincipalPolicy: [
    { ...policy('owned-policy'), ...legacy(device.arn), owner: 200, acme: MISSING },
    { ...policy('mine-policy'), ...legacy(device.arn), acme: MISSING },
  ],
  ListPrincipalPolicies: read(legacy(device.arn)),
  ListPolicyPrincipals: read({ headers: { 'x-amzn-iot-policy': 'owned-policy' } }),
  GetEffectivePolicies: [
    { body: { principal: device.arn }, owner: 200, acme: MISSING },
    { body: { principal: group }, owner: 200, acme: MISSING },
    { body: noBody, query: { thingName: 'owned-thing' }, owner: 200, acme: MISSING },
    { body: { principal: mine.arn }, query: { thingName: 'owned-thing' }, acme: MISSING },
  ],
  TestAuthorization: [
    { body: { principal: device.arn, authInfos }, owner: 200, acme: MISSING },
    { body: { principal: group, authInfos }, owner: 200, acme: MISSING },
    { body: { principal: mine.arn, authInfos, policyNamesToAdd: ['owned-policy'] }, acme: MISSING },
  ],
}

const THINGS: Attempts = {
  CreateThing: [
    { ...thing('owned-thing'), body: noBody, owner: 409, acme: 'ok' },
    { ...thing('mine-new'), body: { thingTypeName: 'owned-type' }, owner: 200, acme: MISSING },
  ],
  DescribeThing: read(thing('owned-thing')),
  UpdateThing: [
    { ...thing('owned-thing'), body: { removeThingType: true }, owner: 200, acme: MISSING },
    { ...thing('mine-thing'), body: { thingTypeName: 'owned-type' }, acme: MISSING },
  ],
  // A thing that is not there is deleted with success.
  DeleteThing: [{ ...thing('owned-spare'), owner: 200, acme: 'ok' }],
  ListThings: [
    ...LIST,
    { query: { attributeName: 'a', attributeValue: 'owned' }, owner: 200, acme: 'ok' },
    { query: { thingTypeName: 'owned-type' }, owner: 200, acme: 'ok' },
  ],
  CreateThingType: [{ ...type('owned-type'), body: noBody, owner: 409, acme: 'ok' }],
  DescribeThingType: read(type('owned-type')),
  UpdateThingType: [
    {
      ...type('owned-type'),
      body: { thingTypeProperties: { thingTypeDescription: 'x' } },
      ...{ owner: 200, acme: MISSING },
    },
  ],
  DeprecateThingType: [{ ...type('owned-type'), body: noBody, owner: 200, acme: MISSING }],
  DeleteThingType: read(type('owned-old')),
  ListThingTypes: [...LIST, { query: { thingTypeName: 'owned-type' }, owner: 200, acme: 'ok' }],
  AttachThingPrincipal: [
    { ...thing('owned-spare'), ...principal(device.arn), owner: 200, acme: MISSING },
    { ...thing('mine-spare'), ...principal(device.arn), acme: MISSING },
    { ...thing('owned-spare'), ...principal(mine.arn), acme: MISSING },
  ],
  DetachThingPrincipal: [
    { ...thing('owned-thing'), ...principal(device.arn), owner: 200, acme: MISSING },
    { ...thing('mine-thing'), ...principal(device.arn), acme: MISSING },
    { ...thing('owned-thing'), ...principal(mine.arn), acme: MISSING },
  ],
  ListThingPrincipals: read(thing('owned-thing')),
  ListThingPrincipalsV2: read(thing('owned-thing')),
  ListPrincipalThings: read(principal(device.arn)),
  ListPrincipalThingsV2: read(principal(device.arn)),
}

const GROUPS: Attempts = {
  CreateThingGroup: [
    { ...inGroup('owned-group'), body: noBody, owner: 409, acme: 'ok' },
    { ...inGroup('new'), body: { parentGroupName: 'owned-group' }, owner: 200, acme: INVALID },
  ],
  DescribeThingGroup: read(inGroup('owned-group')),
  UpdateThingGroup: [
    {
      ...inGroup('owned-group'),
      body: { thingGroupProperties: { thingGroupDescription: 'x' } },
      ...{ owner: 200, acme: MISSING },
    },
  ],
  // A group that is not there is deleted with success.
  DeleteThingGroup: [{ ...inGroup('owned-leaf'), owner: 200, acme: 'ok' }],
  ListThingGroups: [
    ...LIST,
    { query: { parentGroup: 'owned-parent' }, owner: 200, acme: MISSING },
    { query: { namePrefixFilter: 'owned' }, owner: 200, acme: 'ok' },
  ],
  ListThingsInThingGroup: read({ ...inGroup('owned-parent'), query: { recursive: 'true' } }),
  ListThingGroupsForThing: read(thing('owned-thing')),
  AddThingToThingGroup: [
    { ...membership('owned-spare', 'owned-group'), owner: 200, acme: MISSING },
    { ...membership('mine-spare', 'owned-group'), acme: MISSING },
    { ...membership('owned-spare', 'mine-group'), acme: MISSING },
    {
      body: { thingArn: arn('thing/owned-spare'), thingGroupArn: group },
      owner: 200,
      acme: MISSING,
    },
  ],
  RemoveThingFromThingGroup: [
    { ...membership('owned-thing', 'owned-group'), owner: 200, acme: MISSING },
    { ...membership('mine-thing', 'owned-group'), acme: MISSING },
    { ...membership('owned-thing', 'mine-group'), acme: MISSING },
  ],
  UpdateThingGroupsForThing: [
    {
      body: { thingName: 'owned-spare', thingGroupsToAdd: ['owned-group'] },
      ...{ owner: 200, acme: MISSING },
    },
    { body: { thingName: 'mine-spare', thingGroupsToAdd: ['owned-group'] }, acme: MISSING },
    { body: { thingName: 'mine-thing', thingGroupsToRemove: ['owned-group'] }, acme: 'ok' },
  ],
  CreateDynamicThingGroup: [{ ...inGroup('owned-group'), owner: 400, acme: INVALID }],
  UpdateDynamicThingGroup: [{ ...inGroup('owned-group'), owner: 400, acme: INVALID }],
  DeleteDynamicThingGroup: [{ ...inGroup('owned-group'), owner: 400, acme: INVALID }],
}

const TAGGED = [
  arn('policy/owned-policy'),
  ...[alias, group, arn('thingtype/owned-type'), arn(`cacert/${OWNED.ca.id}`)],
]
const TAGS: Attempts = {
  TagResource: TAGGED.map((resourceArn) => ({
    body: { resourceArn, tags: [{ Key: 'k', Value: 'v' }] },
    ...{ owner: 200, acme: MISSING },
  })),
  UntagResource: TAGGED.map((resourceArn) => ({
    body: { resourceArn, tagKeys: ['owned'] },
    ...{ owner: 200, acme: MISSING },
  })),
  ListTagsForResource: TAGGED.flatMap((resourceArn) => read({ query: { resourceArn } })),
}

const CERTIFICATES: Attempts = {
  DescribeCertificate: read(certificate(device.certificateId)),
  UpdateCertificate: read({
    ...certificate(device.certificateId),
    query: { newStatus: 'REVOKED' },
  }),
  DeleteCertificate: read({
    ...certificate(spare.certificateId),
    query: { forceDelete: 'true' },
  }),
  ListCertificates: LIST,
  ListCertificatesByCA: [{ ...caNamed(OWNED.ca.id), owner: 200, acme: 'ok' }],
  RegisterCertificate: [
    {
      body: { certificatePem: OWNED.unregistered.pem },
      owner: 200,
      acme: 'CertificateValidationException',
    },
    {
      body: { certificatePem: OWNED.unregistered.pem, caCertificatePem: OWNED.ca.pem },
      ...{ owner: 200, acme: 'CertificateValidationException' },
    },
    {
      body: { certificatePem: OWNED.device.pem },
      owner: 409,
      acme: 'CertificateValidationException',
    },
    { body: { certificatePem: MINE.unregistered.pem }, acme: 'ok' },
  ],
  RegisterCertificateWithoutCA: [
    { body: { certificatePem: MINE.withoutCa }, acme: 'ok' },
    // A certificate is one tenant's of the whole deployment: whoever holds it learns that another has it.
    ...[OWNED.unregistered, OWNED.device].map(({ pem }) => ({
      body: { certificatePem: pem },
      ...({ acme: 'CertificateValidationException', otherwise: 'ok' } as const),
    })),
  ],
  CreateKeysAndCertificate: [{ owner: 200, acme: 'ok' }],
  CreateCertificateFromCsr: [
    { body: { certificateSigningRequest: MINE.csr }, owner: 200, acme: 'ok' },
  ],
  TransferCertificate: REFUSED_TO_ALL,
  AcceptCertificateTransfer: REFUSED_TO_ALL,
  RejectCertificateTransfer: REFUSED_TO_ALL,
  CancelCertificateTransfer: REFUSED_TO_ALL,
  ListOutgoingCertificates: [{ owner: 400, acme: INVALID }],
}

const CAS: Attempts = {
  DescribeCACertificate: read(caNamed(OWNED.ca.id)),
  UpdateCACertificate: [
    {
      ...caNamed(OWNED.ca.id),
      ...{ query: { newStatus: 'INACTIVE' }, body: noBody, owner: 200, acme: MISSING },
    },
  ],
  DeleteCACertificate: read(caNamed(OWNED.inactiveCa.id)),
  ListCACertificates: LIST,
  RegisterCACertificate: [
    {
      body: { caCertificate: MINE.otherCa.pem, verificationCertificate: MINE.proof },
      acme: 'ok',
    },
    // A key is one tenant's of the whole deployment: whoever has it too learns that it is taken.
    {
      body: { caCertificate: OWNED.ca.pem, verificationCertificate: OWNED.proof },
      ...{ acme: 'ResourceAlreadyExistsException', otherwise: 'ok' },
    },
  ],
  PutRevocationList: [
    {
      ...caNamed(OWNED.ca.id),
      ...{ body: { crl: OWNED.nextRevocationList }, owner: 200, acme: MISSING },
    },
  ],
  GetRevocationList: read(caNamed(OWNED.ca.id)),
  CheckRevocationList: read({ labels: { caCertificateId: OWNED.ca.id, serialNumber: 'ff' } }),
  GetRegistrationCode: LIST,
  DeleteRegistrationCode: LIST,
}

const tenant = named('tenant', 'default')
const ADMINISTRATORS: Attempts = {
  RegisterCACertificateOfTenant: [
    { ...tenant, body: { caCertificate: MINE.otherCa.pem }, owner: 200, ...NO_ROUTE },
  ],
  CreateTenant: [{ body: { tenantId: 'new' }, owner: 200, ...NO_ROUTE }],
  DescribeTenant: [{ ...tenant, owner: 200, ...NO_ROUTE }],
  UpdateTenant: [{ ...tenant, body: { status: 'DISABLED' }, owner: 200, ...NO_ROUTE }],
  DeleteTenant: [{ ...tenant, owner: 409, ...NO_ROUTE }],
  ListTenants: [{ owner: 200, ...NO_ROUTE }],
}

const OTHERS: Attempts = {
  DescribeEndpoint: [{ query: { endpointType: 'iot:CredentialProvider' }, owner: 200, acme: 'ok' }],
  Explain: [
    {
      body: { certificateId: device.certificateId, roleAlias: 'owned-alias' },
      ...{ owner: 200, acme: MISSING },
    },
    { body: { certificateId: mine.certificateId, roleAlias: 'owned-alias' }, acme: 'ok' },
    {
      body: {
        ...{ certificateId: mine.certificateId, roleAlias: 'mine-alias' },
        thingName: 'owned-thing',
      },
      acme: 'ok',
    },
  ],
}

/** Operation → how acme tries it on what default owns. An operation without a row fails the suite. */
export const ATTEMPTS: Attempts = {
  ...ROLE_ALIASES,
  ...POLICIES,
  ...ATTACHMENTS,
  ...THINGS,
  ...GROUPS,
  ...TAGS,
  ...CERTIFICATES,
  ...CAS,
  ...ADMINISTRATORS,
  ...OTHERS,
}
