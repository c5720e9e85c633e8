/** Kinds of resources that have a price while they are there; each is counted in `deployed.ts`. */
const PRICED = [
  'aws:cloudwatch/dashboard:Dashboard',
  'aws:cloudwatch/metricAlarm:MetricAlarm',
  'aws:kms/key:Key',
  'aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig',
  'aws:lb/loadBalancer:LoadBalancer',
  'aws:scheduler/schedule:Schedule',
]

/** Kinds that cost nothing while nobody uses them, or next to nothing: certificates of ACM are free, what lies in S3 and DynamoDB is kilobytes. */
const WITHOUT_A_PRICE =
  /^aws:(?:acm|apigateway|apigatewayv2|iam|sns|route53)\/|^aws:cloudwatch\/logGroup:|^aws:dynamodb\/table:|^aws:ec2\/(?:securityGroup|vpc)|^aws:kms\/alias:|^aws:lambda\/(?:function|permission|functionEventInvokeConfig):|^aws:lb\/(?:listener|targetGroup)|^aws:s3\/bucket|^aws:vpc\//

/** Kinds of AWS's that nobody has said the price of. */
export function unpricedKinds(kinds: readonly string[]): readonly string[] {
  const unknown = kinds.filter(
    (kind) => kind.startsWith('aws:') && !PRICED.includes(kind) && !WITHOUT_A_PRICE.test(kind),
  )
  return [...new Set(unknown)]
}
