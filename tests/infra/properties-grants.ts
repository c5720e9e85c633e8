import { expect } from 'vitest'
import type { ProgramState } from './program-state.ts'
import type { Properties } from './properties.ts'
import { hasLoadBalancer, only, statementsOf } from './statements.ts'

const ROLE = 'aws:iam/role:Role'

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

/** What each role may do, all of it. */
export const GRANT_PROPERTIES: Properties = {
  'who gives credentials reads the registry, counts budgets and assumes roles below the configured path':
    (state) => {
      const brokers = { CredentialsRole: 'credentials', ...(hasLoadBalancer(state) && BALANCED) }
      for (const [role, name] of Object.entries(brokers)) {
        expect(grantsOf(state, role)).toEqual([
          `ReadRegistry: dynamodb:BatchGetItem dynamodb:Query on ${TABLE}`,
          `CountBudgets: dynamodb:UpdateItem on ${TABLE}`,
          'AssumeDeviceRoles: sts:AssumeRole sts:SetSourceIdentity sts:TagSession on iam::ACCOUNT:role/thingpass/*',
          ownLog(name),
        ])
        expect(conditionsOf(state, role)).toEqual({
          CountBudgets: {
            'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['TENANT#*'] },
            'ForAllValues:StringEquals': {
              'dynamodb:Attributes': ['pk', 'sk', 'arrivalMicros'],
            },
            Null: { 'dynamodb:LeadingKeys': 'false', 'dynamodb:Attributes': 'false' },
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
        `ReadRegistry: dynamodb:BatchGetItem dynamodb:Query on ${TABLE}`,
        ownLog(name),
      ])
    }
  },
  'the control function changes the registry and only looks at roles': (state) => {
    expect(grantsOf(state, 'ControlRole')).toEqual([
      `ReadRegistry: dynamodb:BatchGetItem dynamodb:GetItem dynamodb:Query on ${TABLE} ${LISTS} ${TABLE}/index/branches`,
      `WriteRegistry: dynamodb:BatchWriteItem dynamodb:ConditionCheckItem dynamodb:DeleteItem dynamodb:PutItem dynamodb:UpdateItem on ${TABLE}`,
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
}
