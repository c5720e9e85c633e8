import { expect } from 'vitest'
import type { ProgramState } from './program-state.ts'
import type { Properties } from './properties.ts'
import { hasLoadBalancer, ofType, only, type PolicyStatement, statementsOf } from './statements.ts'

const ROLE = 'aws:iam/role:Role'
const FUNCTION = 'aws:lambda/function:Function'

/** Who may do what: a statement as `Sid: actions on resources`, so that a reader sees all of it here. */
function grantsOf(state: ProgramState, role: string): readonly string[] {
  const { name } = only(state, 'aws:dynamodb/table:Table').inputs
  const shorten = (resource: string) =>
    resource
      .replace(name, 'TABLE')
      .replace(/thingpass-[a-z]+-/g, 'STAGE-')
      .replace(/^arn:aws:/, '')
      .replaceAll('123456789012', 'ACCOUNT')
      .replace('eu-central-1', 'REGION')
  return statementsOf(only(state, ROLE, role)).map(
    ({ Sid, Action, Resource }) =>
      `${Sid}: ${Action.join(' ')} on ${Resource.map(shorten).join(' ')}`,
  )
}

const TABLE = 'dynamodb:REGION:ACCOUNT:table/TABLE'
const LISTS = `${TABLE}/index/listing`
const ownLog = (name: string) =>
  `WriteOwnLog: logs:CreateLogStream logs:PutLogEvents on logs:REGION:ACCOUNT:log-group:/aws/lambda/STAGE-${name}:*`

const BALANCED = { CredentialsLoadBalancerRole: 'credentials-load-balancer' }

const conditionsOf = (state: ProgramState, role: string): unknown =>
  Object.fromEntries(
    statementsOf(only(state, ROLE, role))
      .filter(({ Condition }) => Condition !== undefined)
      .map(({ Sid, Condition }) => [Sid, Condition]),
  )

const allStatements = (state: ProgramState): readonly PolicyStatement[] =>
  ofType(state, ROLE).flatMap(statementsOf)

/** What holds of who may do what. */
export const PERMISSION_PROPERTIES: Properties = {
  'only Lambda assumes the roles of functions, and only the scheduler, for this account, its own': (
    state,
  ) => {
    const trust = ofType(state, ROLE).map(({ name, inputs }) => [
      name,
      JSON.parse(inputs.assumeRolePolicy).Statement,
    ])
    const by = (Service: string) => [
      { Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' },
    ]
    expect(Object.fromEntries(trust)).toEqual({
      AuthorizerRole: by('lambda.amazonaws.com'),
      ControlRole: by('lambda.amazonaws.com'),
      CredentialsRole: by('lambda.amazonaws.com'),
      ...(hasLoadBalancer(state) && {
        CredentialsLoadBalancerRole: by('lambda.amazonaws.com'),
      }),
      TruststoreRole: by('lambda.amazonaws.com'),
      TruststoreScheduleRole: [
        {
          ...by('scheduler.amazonaws.com')[0],
          Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
        },
      ],
      WhoamiRole: by('lambda.amazonaws.com'),
    })
  },
  'each function has a role of its own, and no policy beside the one written out': (state) => {
    const roles = ofType(state, FUNCTION).map(({ inputs }) => inputs.role)
    expect(roles).toHaveLength(hasLoadBalancer(state) ? 6 : 5)
    expect(new Set(roles).size).toBe(roles.length)
    for (const { inputs } of ofType(state, ROLE)) {
      expect(inputs.managedPolicyArns ?? []).toEqual([])
      expect(inputs.inlinePolicies).toHaveLength(1)
    }
    expect(ofType(state, 'aws:iam/rolePolicyAttachment:RolePolicyAttachment')).toEqual([])
    expect(ofType(state, 'aws:iam/rolePolicy:RolePolicy')).toEqual([])
  },
  'no statement allows every action of a service, or is for every resource': (state) => {
    for (const { Effect, Action, Resource } of allStatements(state)) {
      expect(Effect).toBe('Allow')
      for (const action of Action) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/)
      for (const resource of Resource)
        expect(resource).toMatch(/^arn:aws:(?:[^:*]+:){1,2}[^*]*[^*:/]/)
    }
  },
  'who gives credentials reads the registry, counts budgets and assumes roles below the configured path':
    (state) => {
      const brokers = { CredentialsRole: 'credentials', ...(hasLoadBalancer(state) && BALANCED) }
      for (const [role, name] of Object.entries(brokers)) {
        expect(grantsOf(state, role)).toEqual([
          `ReadRegistry: dynamodb:BatchGetItem dynamodb:GetItem dynamodb:Query on ${TABLE}`,
          `CountBudgets: dynamodb:UpdateItem on ${TABLE}`,
          'AssumeDeviceRoles: sts:AssumeRole sts:SetSourceIdentity sts:TagSession on iam::ACCOUNT:role/thingpass/*',
          ownLog(name),
        ])
        expect(conditionsOf(state, role)).toEqual({
          CountBudgets: {
            'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['TENANT#*'] },
            'ForAllValues:StringEquals': {
              'dynamodb:Attributes': ['pk', 'sk', 'arrivalMicros', 'kind'],
            },
          },
        })
      }
    },
  'the authorizer and whoami read the registry, and do nothing else': (state) => {
    for (const [role, name] of [
      ['AuthorizerRole', 'authorizer'],
      ['WhoamiRole', 'whoami'],
    ] as const) {
      expect(grantsOf(state, role)).toEqual([
        `ReadRegistry: dynamodb:BatchGetItem dynamodb:GetItem dynamodb:Query on ${TABLE}`,
        ownLog(name),
      ])
    }
  },
  'the control function changes the registry and only looks at roles': (state) => {
    expect(grantsOf(state, 'ControlRole')).toEqual([
      `ReadRegistry: dynamodb:BatchGetItem dynamodb:GetItem dynamodb:Query on ${TABLE} ${LISTS} ${TABLE}/index/branches`,
      `WriteRegistry: dynamodb:ConditionCheckItem dynamodb:DeleteItem dynamodb:PutItem dynamodb:UpdateItem on ${TABLE}`,
      'ResolveRoles: iam:GetRole on iam::ACCOUNT:role/*',
      'AskWhetherCallersMayPassRoles: iam:SimulatePrincipalPolicy on iam::ACCOUNT:role/* iam::ACCOUNT:user/*',
      ownLog('control'),
    ])
  },
  'the publisher reads CAs, writes one object and updates one domain': (state) => {
    const { domainName } = only(state, 'aws:apigatewayv2/domainName:DomainName').inputs
    expect(grantsOf(state, 'TruststoreRole')).toEqual([
      `ReadCas: dynamodb:GetItem dynamodb:Query on ${TABLE} ${LISTS}`,
      'ReadTruststore: s3:GetObject s3:GetObjectVersion on s3:::STAGE-truststore-0/truststore.pem s3:::STAGE-truststore-0/seed.pem',
      'WriteTruststore: s3:PutObject on s3:::STAGE-truststore-0/truststore.pem',
      `UpdateDomain: apigateway:GET apigateway:PATCH apigateway:AddCertificateToDomain on apigateway:REGION::/domainnames/${domainName}`,
      ownLog('truststore'),
    ])
    expect(grantsOf(state, 'TruststoreScheduleRole')).toEqual([
      'RunPublisher: lambda:InvokeFunction on lambda:REGION:ACCOUNT:function:STAGE-truststore',
    ])
  },
  'only the front doors invoke functions, each its own, and no function has a URL (T02)': (
    state,
  ) => {
    const permissions = ofType(state, 'aws:lambda/permission:Permission').map(({ inputs }) => {
      const { action, principal, sourceArn, function: target } = inputs
      expect(action).toBe('lambda:InvokeFunction')
      const source = String(sourceArn).replace(
        /^arn:aws:([a-z-]+):eu-central-1:123456789012:/,
        '$1 ',
      )
      return `${principal}: ${source} invokes ${target.replace(/^(?:.*:)?thingpass-[a-z]+-/, '')}`
    })
    const api = 'apigateway.amazonaws.com: execute-api'
    const { name } = only(state, 'aws:apigatewayv2/authorizer:Authorizer')
    expect([...new Set(permissions)].toSorted()).toEqual([
      `${api} ControlApiApi-id/* invokes control`,
      `${api} DeviceApiApi-id/* invokes credentials`,
      `${api} DeviceApiApi-id/* invokes whoami`,
      `${api} DeviceApiApi-id/authorizers/${name}-id invokes authorizer`,
      ...(hasLoadBalancer(state)
        ? [
            `elasticloadbalancing.amazonaws.com: elasticloadbalancing targetgroup/thingpass-${state.app.stage}-lb/1 invokes credentials-load-balancer`,
          ]
        : []),
    ])
    expect(ofType(state, 'aws:lambda/functionUrl:FunctionUrl')).toEqual([])
  },
  'a function knows its settings, and nothing is linked to it': (state) => {
    for (const { name, inputs } of ofType(state, FUNCTION)) {
      const linked = Object.keys(inputs.environment.variables).filter(
        (key) => !/^(?:THINGPASS_|SST_KEY$|SST_KEY_FILE$|SST_RESOURCE_App$)/.test(key),
      )
      expect(linked, name).toEqual([])
    }
  },
}
