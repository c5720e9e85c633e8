import { EXPIRY_ATTRIBUTE, registryTable } from '@thingpass/aws/registry/table'
import { parseCaCertificate } from '@thingpass/x509/ca-certificate'
import { expect } from 'vitest'
import type { Properties } from './properties.ts'
import { hasLoadBalancer, ofType, only } from './statements.ts'

const FUNCTION = 'aws:lambda/function:Function'
const BUCKET = 'aws:s3/bucket:Bucket'
const OBJECT = 'aws:s3/bucketObjectv2:BucketObjectv2'

/** What holds of what is kept and run. */
export const STATE_PROPERTIES: Properties = {
  'the table is paid by request, restorable, encrypted, and forgets what has expired': (state) => {
    expect(only(state, 'aws:dynamodb/table:Table').inputs).toMatchObject({
      billingMode: 'PAY_PER_REQUEST',
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true },
      ttl: { enabled: true, attributeName: EXPIRY_ATTRIBUTE },
    })
  },
  'keys and indexes of the table are those of the adapter': (state) => {
    const { inputs } = only(state, 'aws:dynamodb/table:Table')
    const wanted = registryTable('registry')
    const keyOf = (schema: readonly { AttributeName: string }[]) =>
      schema.map((key) => key.AttributeName)
    expect([inputs.hashKey, inputs.rangeKey]).toEqual(keyOf(wanted.KeySchema))
    const indexes: { name: string; hashKey: string; rangeKey: string; projectionType: string }[] =
      inputs.globalSecondaryIndexes
    expect(
      indexes.map(({ name, hashKey, rangeKey, projectionType }) => [
        name,
        hashKey,
        rangeKey,
        projectionType,
      ]),
    ).toEqual(
      wanted.GlobalSecondaryIndexes.map((index) => [
        index.IndexName,
        ...keyOf(index.KeySchema),
        index.Projection.ProjectionType,
      ]),
    )
    const names = inputs.attributes.map(({ name }: { name: string }) => name)
    expect(new Set(names)).toEqual(new Set(keyOf(wanted.AttributeDefinitions)))
  },
  'a production deployment is protected and outlives its removal; another leaves nothing': (
    state,
  ) => {
    const isProduction = state.app.stage === 'production'
    expect(state.app.protect).toBe(isProduction)
    const table = only(state, 'aws:dynamodb/table:Table')
    expect(table.inputs.deletionProtectionEnabled).toBe(isProduction)
    expect(table.retainOnDelete === true).toBe(isProduction)
    const bucket = only(state, BUCKET, 'Truststore')
    expect(bucket.inputs.forceDestroy).toBe(!isProduction)
    expect(bucket.retainOnDelete === true).toBe(isProduction)
  },
  'the truststore keeps every version before anything is in it, in private, over TLS': (state) => {
    const versioning = only(state, 'aws:s3/bucketVersioning:BucketVersioning')
    expect(versioning.inputs.versioningConfiguration).toEqual({ status: 'Enabled' })
    for (const name of ['TruststorePem', 'TruststoreSeed']) {
      expect(only(state, OBJECT, name).dependencies).toContain(versioning.urn)
    }
    expect(
      only(state, 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock', 'TruststorePrivacy')
        .inputs,
    ).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    })
    const { policy } = only(state, 'aws:s3/bucketPolicy:BucketPolicy', 'TruststorePolicy').inputs
    expect(JSON.parse(policy).Statement).toMatchObject([
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ])
  },
  'the deployment writes the truststore once and never again': (state) => {
    for (const name of ['TruststorePem', 'TruststoreSeed']) {
      expect(only(state, OBJECT, name).ignoreChanges).toContain('content')
    }
  },
  'the first truststore is a CA that can sign nothing: its key is nowhere': (state) => {
    const seed = only(state, OBJECT, 'TruststoreSeed').inputs.content
    const parsed = parseCaCertificate(seed)
    expect(parsed).toMatchObject({ ok: true })
    if (parsed.ok) expect(parsed.ca.isSignedBy(parsed.ca.publicKey)).toBe(true)
    expect(only(state, OBJECT, 'TruststorePem').inputs.content).toBe(seed)
    expect(JSON.stringify(state)).not.toContain('PRIVATE')
  },
  'the publisher runs each minute, is not repeated, and ends before the next update may begin': (
    state,
  ) => {
    const { inputs } = only(state, 'aws:scheduler/schedule:Schedule')
    expect(inputs.scheduleExpression).toBe('rate(1 minute)')
    expect(inputs.target.retryPolicy).toEqual({ maximumRetryAttempts: 0 })
    const publisher = only(state, FUNCTION, 'TruststorePublisherFunction').inputs
    expect(publisher.timeout).toBeLessThan(30)
    const { domainName } = only(state, 'aws:apigatewayv2/domainName:DomainName').inputs
    expect(publisher.environment.variables.THINGPASS_DEVICE_DOMAIN).toBe(domainName)
  },
  'functions are arm64 on Node 24, minified modules, with JSON logs that end': (state) => {
    const functions = ofType(state, FUNCTION)
    expect(functions).toHaveLength(hasLoadBalancer(state) ? 6 : 5)
    for (const { inputs } of functions) {
      expect(inputs).toMatchObject({
        architectures: ['arm64'],
        runtime: 'nodejs24.x',
        loggingConfig: { logFormat: 'JSON' },
      })
      expect(inputs.memorySize).toBeLessThanOrEqual(512)
    }
    for (const { properties, runtime } of state.builds) {
      expect(runtime).toBe('nodejs24.x')
      expect(properties).toMatchObject({ format: 'esm', minify: true })
    }
    const groups = ofType(state, 'aws:cloudwatch/logGroup:LogGroup')
    expect(groups).toHaveLength(hasLoadBalancer(state) ? 8 : 7)
    const kept = state.app.stage === 'production' ? 365 : 30
    for (const { name, inputs } of groups) {
      expect(inputs.retentionInDays, name).toBe(name.endsWith('AccessLog') ? 30 : kept)
    }
  },
  'nothing is kept warm or held back unless it is set': (state) => {
    expect(
      ofType(state, 'aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig'),
    ).toEqual([])
    for (const { inputs } of ofType(state, FUNCTION)) {
      expect(inputs.reservedConcurrentExecutions).toBeUndefined()
    }
  },
}
