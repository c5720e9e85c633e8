import { createHash } from 'node:crypto'

/** The account of all stand-ins. */
export const ACCOUNT_ID = '123456789012'

type Inputs = Readonly<Record<string, unknown>>
type NewResource = {
  readonly type: string
  readonly name: string
  readonly inputs: Inputs
  readonly custom?: boolean
  readonly id?: string
}

/**
 * Stands in for the providers: a resource gets the outputs that the program or SST's components read of it, an invoked function its answer.
 * An invoke that nothing here answers is an error.
 */
export function providerStandIns(region: string) {
  return {
    newResource: (made: NewResource) => ({
      id: made.id || (made.custom === false ? undefined : `${made.name}-id`),
      state: { ...made.inputs, ...(made.custom === false ? {} : computedOf(made, region)) },
    }),
    call: (call: { readonly token: string; readonly inputs: Inputs }) => {
      const answer = ANSWERS[call.token]
      if (answer === undefined) throw new Error(`no stand-in answers ${call.token}`)
      return answer(call.inputs, region)
    },
  }
}

/** ARN formats that policies of the program are made from; of any other kind, an ARN only has to be unlike the others. */
const ARN_RESOURCES: Readonly<Record<string, (name: string, region: string) => string>> = {
  'aws:dynamodb/table:Table': (name, region) => `dynamodb:${region}:${ACCOUNT_ID}:table/${name}`,
  'aws:lambda/function:Function': (name, region) =>
    `lambda:${region}:${ACCOUNT_ID}:function:${name}`,
  'aws:iam/role:Role': (name) => `iam::${ACCOUNT_ID}:role/${name}`,
  'aws:s3/bucket:Bucket': (name) => `s3:::${name}`,
  'aws:sns/topic:Topic': (name, region) => `sns:${region}:${ACCOUNT_ID}:${name}`,
  'aws:kms/key:Key': (name, region) => `kms:${region}:${ACCOUNT_ID}:key/${name}`,
  'aws:lb/loadBalancer:LoadBalancer': (name, region) =>
    `elasticloadbalancing:${region}:${ACCOUNT_ID}:loadbalancer/app/${name}/1`,
  'aws:lb/targetGroup:TargetGroup': (name, region) =>
    `elasticloadbalancing:${region}:${ACCOUNT_ID}:targetgroup/${name}/1`,
  'aws:cloudwatch/logGroup:LogGroup': (name, region) =>
    `logs:${region}:${ACCOUNT_ID}:log-group:${name}`,
}

function computedOf({ type, name: logicalName, inputs }: NewResource, region: string): Inputs {
  const name = String(inputs.name ?? inputs.bucket ?? logicalName)
  const resource = ARN_RESOURCES[type]?.(name, region) ?? `offline:${region}:${ACCOUNT_ID}:${name}`
  const arn = `arn:aws:${resource}`
  return { name, arn, ...COMPUTED[type]?.({ inputs, name, arn, logicalName, region }) }
}

type Known = {
  readonly inputs: Inputs
  readonly name: string
  readonly arn: string
  readonly logicalName: string
  readonly region: string
}

const COMPUTED: Readonly<Record<string, (known: Known) => Inputs>> = {
  'aws:lambda/function:Function': ({ inputs, arn, region }) => {
    const invokeOf = (target: string) =>
      `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${target}/invocations`
    const publish = inputs.publish ?? false
    const qualifiedArn = `${arn}:1`
    return {
      publish,
      version: publish ? '1' : '$LATEST',
      qualifiedArn,
      invokeArn: invokeOf(arn),
      qualifiedInvokeArn: invokeOf(qualifiedArn),
    }
  },
  'aws:apigatewayv2/api:Api': ({ logicalName, region }) => ({
    executionArn: `arn:aws:execute-api:${region}:${ACCOUNT_ID}:${logicalName}-id`,
    apiEndpoint: `https://${logicalName}-id.execute-api.${region}.amazonaws.com`,
  }),
  'aws:apigatewayv2/domainName:DomainName': ({ inputs }) => ({
    domainNameConfiguration: {
      ...(inputs.domainNameConfiguration as Inputs),
      targetDomainName: 'd-offline.execute-api.amazonaws.com',
      hostedZoneId: 'ZAPIGATEWAY',
    },
  }),
  'aws:apigateway/restApi:RestApi': ({ logicalName, region }) => ({
    executionArn: `arn:aws:execute-api:${region}:${ACCOUNT_ID}:${logicalName}-id`,
    rootResourceId: `${logicalName}-root`,
  }),
  'aws:apigateway/account:Account': () => ({
    cloudwatchRoleArn: `arn:aws:iam::${ACCOUNT_ID}:role/api-gateway-logs`,
  }),
  'aws:kms/key:Key': ({ logicalName }) => ({ keyId: `${logicalName}-id` }),
  'aws:lb/loadBalancer:LoadBalancer': ({ name, region }) => ({
    arnSuffix: `app/${name}/1`,
    dnsName: `${name}.${region}.elb.amazonaws.com`,
    zoneId: 'ZLOADBALANCER',
  }),
  'aws:s3/bucket:Bucket': ({ inputs, logicalName }) => ({
    bucket: inputs.bucket ?? `${String(inputs.bucketPrefix ?? logicalName)}0`,
    arn: `arn:aws:s3:::${inputs.bucket ?? `${String(inputs.bucketPrefix ?? logicalName)}0`}`,
  }),
  'aws:s3/bucketObjectv2:BucketObjectv2': ({ logicalName }) => ({
    versionId: `version-of-${logicalName}`,
  }),
  'aws:acm/certificate:Certificate': ({ inputs }) => ({
    domainValidationOptions: [
      {
        domainName: inputs.domainName,
        resourceRecordName: `_validation.${inputs.domainName}.`,
        resourceRecordType: 'CNAME',
        resourceRecordValue: '_value.acm-validations.aws.',
      },
    ],
  }),
  'aws:acm/certificateValidation:CertificateValidation': ({ inputs }) => ({
    certificateArn: inputs.certificateArn,
  }),
  'random:index/randomBytes:RandomBytes': ({ inputs, logicalName }) => {
    const bytes = createHash('sha256')
      .update(logicalName)
      .digest()
      .subarray(0, Number(inputs.length)) // unlike any other's
    return { base64: bytes.toString('base64'), hex: bytes.toString('hex') }
  },
  'pulumi-nodejs:dynamic:Resource': () => ({ zoneId: 'ZOFFLINE' }),
}

const ANSWERS: Readonly<Record<string, (inputs: Inputs, region: string) => Inputs>> = {
  'aws:index/getPartition:getPartition': () => ({ partition: 'aws', dnsSuffix: 'amazonaws.com' }),
  'aws:index/getRegion:getRegion': (_inputs, region) => ({ region, name: region }),
  'aws:index/getCallerIdentity:getCallerIdentity': () => ({ accountId: ACCOUNT_ID }),
  'aws:route53/getZone:getZone': ({ zoneId }) => ({ name: 'example.com', zoneId }),
  'aws:iam/getPolicyDocument:getPolicyDocument': (inputs) => {
    const statements = inputs.statements as readonly Inputs[] | undefined
    const json = JSON.stringify({
      Version: '2012-10-17',
      Statement: (statements ?? []).map(statementOf),
    })
    return { ...inputs, statements: statements?.length ? statements : undefined, json }
  },
}

function statementOf(statement: Inputs): Inputs {
  const principals = statement.principals as
    | readonly { readonly type: string; readonly identifiers: readonly string[] }[]
    | undefined
  return {
    Effect: statement.effect ?? 'Allow',
    Action: statement.actions,
    Resource: statement.resources,
    Principal:
      principals && Object.fromEntries(principals.map((each) => [each.type, each.identifiers])),
  }
}
