import type { FaultKind } from './fault-kind.ts'
import type { Received } from './faulty-service.ts'

/** An answer. */
export type Reply = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

/** How one call's failures look on the wire. */
export type CallShape = {
  readonly headers: Readonly<Record<string, string>>
  readonly error: Omit<Reply, 'headers'>
  readonly throttle: Omit<Reply, 'headers'>
  readonly malformed: string
  readonly wrongType: string
}

/** How a service's calls are told apart, and how each fails. */
export type Wire<Call extends string> = {
  readonly callOf: (received: Received) => Call
  readonly calls: Readonly<Record<Call, CallShape>>
}

const OK = 200

/** The answers of a call that goes wrong, where there is one. */
export const FAILURES = {
  error: ({ headers, error }) => ({ headers, ...error }),
  throttle: ({ headers, throttle }) => ({ headers, ...throttle }),
  empty: ({ headers }) => ({ status: OK, headers, body: '' }),
  malformed: ({ headers, malformed }) => ({ status: OK, headers, body: malformed }),
  'wrong-type': ({ headers, wrongType }) => ({ status: OK, headers, body: wrongType }),
} as const satisfies Partial<Record<FaultKind, (shape: CallShape) => Reply>>

const target = ({ headers }: Received): string =>
  String(headers['x-amz-target']).replace(/^.*\./, '')
const action = ({ body }: Received): string =>
  new URLSearchParams(body.toString()).get('Action') ?? ''

const json = (
  version: '1.0' | '1.1',
  names: { readonly error: string; readonly throttle: string },
  wrongType: object,
): CallShape => ({
  headers: { 'content-type': `application/x-amz-json-${version}` },
  error: { status: 500, body: JSON.stringify({ __type: names.error, message: SAID }) },
  throttle: { status: 400, body: JSON.stringify({ __type: names.throttle, message: SAID }) },
  malformed: JSON.stringify(wrongType).slice(0, -1),
  wrongType: JSON.stringify(wrongType),
})

/** The services' own words, which must not go on to anybody. */
export const SAID = 'words-of-the-service'

const xmlError = (code: string): string =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${SAID}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`
const xml = (wrongType: string): CallShape => ({
  headers: { 'content-type': 'text/xml' },
  error: { status: 500, body: xmlError('InternalFailure') },
  throttle: { status: 400, body: xmlError('Throttling') },
  malformed: wrongType.slice(0, -6),
  wrongType,
})

const DYNAMO_NAMES = {
  error: 'com.amazonaws.dynamodb.v20120810#InternalServerError',
  throttle: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
}
const dynamo = (wrongType: object) => json('1.0', DYNAMO_NAMES, wrongType)

export type DynamoCall =
  | 'Query'
  | 'BatchGetItem'
  | 'UpdateItem'
  | 'GetItem'
  | 'TransactWriteItems'
  | 'BatchWriteItem'
  | 'PutItem'
  | 'DeleteItem'
export const DYNAMO: Wire<DynamoCall> = {
  callOf: (received) => target(received) as DynamoCall,
  calls: {
    Query: dynamo({ Items: [{ pk: 5, sk: { N: 'x' } }], Count: 'many' }),
    BatchGetItem: dynamo({ Responses: { 'thingpass-local': 'none' } }),
    UpdateItem: dynamo({ Attributes: { arrivalMicros: { S: 'soon' } } }),
    GetItem: dynamo({ Item: { pk: { S: 5 }, sk: ['META'] } }),
    TransactWriteItems: dynamo({ ItemCollectionMetrics: 'none' }),
    BatchWriteItem: dynamo({ UnprocessedItems: 'none' }),
    PutItem: dynamo({ Attributes: 'none' }),
    DeleteItem: dynamo({ Attributes: 'none' }),
  },
}

export type StsCall = 'AssumeRole'
export const STS: Wire<StsCall> = {
  callOf: (received) => action(received) as StsCall,
  calls: {
    AssumeRole: xml(
      '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId><X/></AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>soon</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>',
    ),
  },
}

export type IamCall = 'GetRole' | 'SimulatePrincipalPolicy'
export const IAM: Wire<IamCall> = {
  callOf: (received) => action(received) as IamCall,
  calls: {
    GetRole: xml(
      '<GetRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetRoleResult><Role>none</Role></GetRoleResult></GetRoleResponse>',
    ),
    SimulatePrincipalPolicy: xml(
      '<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><SimulatePrincipalPolicyResult><EvaluationResults>allowed</EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>',
    ),
  },
}

const KMS_NAMES = { error: 'KMSInternalException', throttle: 'ThrottlingException' }

export type KmsCall = 'GetPublicKey' | 'Sign'
export const KMS: Wire<KmsCall> = {
  callOf: (received) => target(received) as KmsCall,
  calls: {
    GetPublicKey: json('1.1', KMS_NAMES, { KeyId: 5, PublicKey: 7, KeySpec: ['x'] }),
    Sign: json('1.1', KMS_NAMES, { KeyId: 5, Signature: { of: 'an object' } }),
  },
}
