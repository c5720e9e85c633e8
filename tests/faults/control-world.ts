import { randomUUID } from 'node:crypto'
import { createDynamoClient } from '@thingpass/aws/clients'
import { createIamClient } from '@thingpass/aws/iam/iam-client'
import { createMayPassRole } from '@thingpass/aws/iam/may-pass-role'
import { createKmsClient } from '@thingpass/aws/kms/kms-client'
import { createKmsTenantSigners } from '@thingpass/aws/kms/kms-tenant-signers'
import { createIssuerHints } from '@thingpass/aws/registry/issuer-hint'
import { createPolicyCache } from '@thingpass/aws/registry/policy-cache'
import { createReadFacts } from '@thingpass/aws/registry/read-facts'
import { createRegistryWrites } from '@thingpass/aws/registry/registry-writes'
import { createControlPlane } from '@thingpass/control/control-plane'
import type { Fault } from '@thingpass/core/fault'
import { createCertificatePorts } from '@thingpass/functions/control/certificate-ports'
import { createControlHandler } from '@thingpass/functions/control/control'
import { lambdaContext } from '@thingpass/local/stack/lambda-context'
import { createIdentify } from '@thingpass/x509/identify'
import { ACCOUNT, KEYS, REGION, TABLE } from './device-world.ts'
import { startFaultyService } from './faulty-service.ts'
import { answerAsIam, CALLER, createKms } from './stand-ins.ts'
import { DYNAMO, IAM, KMS } from './wire.ts'

/** A function has 28 s; nobody waits for them here. */
const FUNCTION_MS = 4000

/** One for all functions: a tenant's CA is made with the first key that it finds. */
const ANSWER_AS_KMS = createKms()

/** The deployed control function over services that can misbehave, as its main wires it. */
export async function startControlFunction(dynamodbUrl: string) {
  const dynamo = await startFaultyService(DYNAMO, dynamodbUrl)
  const iam = await startFaultyService(IAM, answerAsIam)
  const kms = await startFaultyService(KMS, ANSWER_AS_KMS)
  const options = { region: REGION, credentials: KEYS }
  const client = createDynamoClient({ ...options, endpoint: dynamo.url })
  const iamClient = createIamClient({ ...options, endpoint: iam.url })
  const kmsClient = createKmsClient({ ...options, endpoint: kms.url })
  const faults: Fault[] = []
  const clock = () => new Date()
  const memory = { issuerHints: createIssuerHints(), policyCache: createPolicyCache() }
  const reportFault = (fault: Fault) => void faults.push(fault)
  const openSigner = createKmsTenantSigners({ client: kmsClient, aliasPrefix: 'alias/ca-' })
  const handler = createControlHandler({
    controlPlane: createControlPlane({
      registryFor: (actor) =>
        createRegistryWrites({ client, tableName: TABLE, clock, newId: randomUUID, actor }),
      ...createReadFacts({ client, tableName: TABLE, ...memory, clock }),
      identifyCertificate: createIdentify(),
      mayPassRole: createMayPassRole({ client: iamClient }),
      ...createCertificatePorts({ openSigner, clock }),
      isAdministrator: async () => false,
      ...{ clock, reportFault },
      settings: {
        deployment: { partition: 'aws', region: REGION, accountId: ACCOUNT },
        credentialsEndpoint: 'devices.example.com',
        longestSessionSeconds: 3600,
        deadlineMilliseconds: 2800,
      },
    }),
    reportFault,
  })
  return {
    ...{ dynamo, iam, kms, faults },
    call: async (operation: Operation) => {
      const end = performance.now() + FUNCTION_MS
      const context = {
        ...lambdaContext('request-1', () => performance.now()),
        getRemainingTimeInMillis: () => end - performance.now(),
      }
      const answer = await handler(restEvent(operation) as never, context)
      return { ...answer, json: JSON.parse(answer.body) as Record<string, unknown> }
    },
    close: async () => {
      for (const each of [client, iamClient, kmsClient]) each.destroy()
      await Promise.all([dynamo.close(), iam.close(), kms.close()])
    },
  }
}

/** One operation of the control plane. */
export type Operation = {
  readonly method: string
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: object
}

function restEvent({ method, path, query = {}, body }: Operation) {
  return {
    httpMethod: method,
    path,
    headers: {},
    queryStringParameters: query,
    body: body === undefined ? null : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: {
      requestId: 'request-1',
      identity: { userArn: CALLER, sourceIp: '192.0.2.7' },
    },
  }
}
