import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import {
  CreateKeysAndCertificateCommand,
  type IoTClient,
  RegisterCACertificateCommand,
  RegisterCertificateCommand,
} from '@aws-sdk/client-iot'
import { PKI_FILES } from '@thingpass/local/pki/local-pki'
import { createDevice } from '@thingpass/local/testing/device-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { idOf } from '../support/fleet.ts'
import { keysOf, operatorOf } from '../support/operator.ts'
import { runCommand } from '../support/run-command.ts'
import { runDeployed } from './deployed-function.ts'
import { type Answering, startFakeService } from './fake-service.ts'
import { fakeSecret } from './secret-marker.ts'
import { createSecretSearch, type Secret, secretsOfPrivateKey } from './secret-search.ts'
import { type SpawnedStack, spawnStack } from './spawned-stack.ts'

const SLOW = 120_000
const PATH = '/role-aliases/demo-camera/credentials'

let stack: SpawnedStack
let folder: string
let operator: IoTClient
/** All that may be seen by nobody but whom it is for. */
const secrets: Secret[] = []
/** All that anybody could read, by where. */
const outputs: Record<string, string> = {}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'thingpass-secrets-'))
  stack = await spawnStack()
  operator = await operatorOf(stack as never, 'acme')
  for (const profile of ['default', 'acme']) {
    const { secretAccessKey } = await keysOf(stack as never, profile)
    secrets.push({ name: `access key of ${profile}`, value: secretAccessKey })
  }
}, SLOW)
afterAll(async () => {
  operator.destroy()
  await stack.stop()
  await rm(folder, { recursive: true })
}, SLOW)

const identityOf = async (thingName: string) => ({
  certificatePem: await readFile(PKI_FILES.deviceCertificate(stack.dataDir, thingName), 'utf8'),
  privateKeyPem: await readFile(PKI_FILES.devicePrivateKey(stack.dataDir, thingName), 'utf8'),
})
const keepPrivateKey = (name: string, pem: string) =>
  secrets.push(...secretsOfPrivateKey(name, pem))
/** The middle of a certificate: no secret, and yet in no log. */
const certificateSecret = (name: string, pem: string): Secret => {
  const der = Buffer.from(pem.split('\n').slice(1, -2).join(''), 'base64')
  return { name, value: der.subarray(60, 100) }
}
const leaksIn = (texts: Readonly<Record<string, string>>, search: (text: string) => unknown) =>
  Object.fromEntries(
    Object.entries(texts)
      .map(([where, text]) => [where, search(text)] as const)
      .filter(([, found]) => (found as readonly unknown[]).length > 0),
  )

describe('what is asked of a whole stack', { timeout: SLOW }, () => {
  test('devices get credentials, and refusals that say nothing', async () => {
    const authority = await readFile(PKI_FILES.serverCa(stack.dataDir), 'utf8')
    const identity = await identityOf('camera-1')
    keepPrivateKey('key of camera-1', identity.privateKeyPem)
    const device = createDevice(authority, identity)
    const answer = await device.get(`${stack.url}${PATH}`, { 'x-amzn-iot-thingname': 'camera-1' })
    expect(answer.status).toBe(200)
    const { credentials } = JSON.parse(answer.body)
    secrets.push({ name: 'secret of a device', value: credentials.secretAccessKey })
    secrets.push({ name: 'token of a device', value: credentials.sessionToken })
    const refusals: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
      ['/role-aliases/demo-admin/credentials', {}],
      [PATH, { 'x-amzn-iot-thingname': 'camera-2' }],
      // What a device should not send, but may: its own secrets in every place that is read.
      [`/role-aliases/${encodeURIComponent(credentials.secretAccessKey)}/credentials`, {}],
      [PATH, { 'x-amzn-iot-thingname': credentials.secretAccessKey }],
      [
        '/role-aliases/demo-admin/credentials',
        { authorization: credentials.sessionToken, cookie: credentials.sessionToken },
      ],
      [`/${encodeURIComponent(credentials.sessionToken.slice(0, 100))}?q=${'x'.repeat(20)}`, {}],
    ]
    for (const [index, [path, headers]] of refusals.entries()) {
      const refused = await device.get(`${stack.url}${path}`, headers)
      expect(refused.status).toBeGreaterThanOrEqual(400)
      outputs[`refusal ${index}`] = refused.body
    }
    device.close()
    secrets.push(certificateSecret('certificate of camera-1', identity.certificatePem))
  })

  test('a key pair is made, and nothing of it is told but once', async () => {
    const made = await operator.send(new CreateKeysAndCertificateCommand({ setAsActive: true }))
    keepPrivateKey('key that was made', made.keyPair!.PrivateKey!)
    secrets.push(certificateSecret('certificate that was made', made.certificatePem!))
  })

  test('what operators paste into the wrong place comes back in no answer', async () => {
    const { privateKeyPem } = await identityOf('camera-1')
    const { secretAccessKey } = await keysOf(stack as never, 'acme')
    const wrong = [
      new RegisterCertificateCommand({ certificatePem: privateKeyPem, status: 'ACTIVE' }),
      new RegisterCACertificateCommand({
        caCertificate: privateKeyPem,
        verificationCertificate: privateKeyPem,
      }),
    ]
    for (const [index, command] of wrong.entries()) {
      const refused = await operator.send(command as RegisterCertificateCommand).catch(String)
      outputs[`answer to what is wrong ${index}`] = String(refused)
    }
    const unsigned = await fetch(`${stack.controlUrl}/t/acme/things`, {
      headers: { authorization: `AWS4-HMAC-SHA256 Credential=${secretAccessKey}/x` },
    })
    expect(unsigned.status).toBeGreaterThanOrEqual(400)
    outputs['answer to a secret in the signature'] = await unsigned.text()
  })

  test('commands print nothing secret, but for the one that is for it', async () => {
    const { certificate, privateKey, authority } = {
      certificate: PKI_FILES.deviceCertificate(stack.dataDir, 'camera-1'),
      privateKey: PKI_FILES.devicePrivateKey(stack.dataDir, 'camera-1'),
      authority: PKI_FILES.serverCa(stack.dataDir),
    }
    const device = [
      ...['--endpoint', new URL(stack.url).host, '--thing', 'camera-1'],
      ...['--cert', certificate, '--key', privateKey, '--ca', authority],
    ]
    const at = ['--endpoint', stack.controlUrl, '--data-dir', stack.dataDir]
    const cache = ['--cache-dir', join(folder, 'cache')]
    const granted = await runCommand([
      ...['credential-process', ...device, ...cache, '--role-alias', 'demo-camera'],
    ])
    expect(granted.code).toBe(0)
    const given = JSON.parse(granted.out)
    secrets.push({ name: 'secret of a process', value: given.SecretAccessKey })
    secrets.push({ name: 'token of a process', value: given.SessionToken })
    outputs['stderr of credential-process'] = granted.err
    const alias = ['--role-alias', 'demo-camera']
    const swapped = ['--cert', privateKey, '--key', certificate, '--ca', privateKey]
    const door = ['--endpoint', new URL(stack.url).host, '--thing', 'camera-1']
    const lines: readonly (readonly [name: string, code: number, line: readonly string[]])[] = [
      ['refused', 1, ['credential-process', ...device, ...cache, '--role-alias', 'demo-admin']],
      ['files swapped', 1, ['credential-process', ...door, ...swapped, ...cache, ...alias]],
      ['doctor', 0, ['doctor', ...device, ...alias]],
      ['doctor, files swapped', 1, ['doctor', ...door, ...swapped, ...alias]],
      [
        ...(['device add', 0] as const),
        [
          ...['device', 'add', 'camera-9', '--out', join(folder, 'camera-9'), '--type', 'camera'],
          ...['--policy', 'camera-credentials', ...at],
        ],
      ],
      ['things', 0, ['things', 'list', ...at]],
      ['wrong file', 1, ['certificates', 'register-without-ca', '--pem', privateKey, ...at]],
    ]
    for (const [name, code, line] of lines) {
      const ran = await runCommand(line)
      expect([name, ran.code, ran.err]).toEqual([name, code, ran.err])
      outputs[`thingpass ${name}`] = `${ran.out}\n${ran.err}`
    }
    keepPrivateKey(
      'key of camera-9',
      await readFile(join(folder, 'camera-9', 'private.key'), 'utf8'),
    )
  })
})

const xml = (status: number, body: string, headers = {}): Answering => {
  return (response) =>
    response.writeHead(status, { 'content-type': 'text/xml', ...headers }).end(body)
}
const [STS_SECRET, STS_TOKEN] = [fakeSecret('sts'), fakeSecret('token')]
const credentialsXml = (more = '', token = STS_TOKEN, user = '') =>
  `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIACANARY0000000000</AccessKeyId><SecretAccessKey>${STS_SECRET}</SecretAccessKey><SessionToken>${token}</SessionToken>${more}</Credentials>${user}</AssumeRoleResult></AssumeRoleResponse>`
/** The session that the function asks for, once the device is known. */
let assumedUser = ''
const EXPIRES = '<Expiration>2099-01-01T00:00:00Z</Expiration>'
const SOON = () => `<Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration>`
const stsError = (status: number, code: string) =>
  xml(
    status,
    `<ErrorResponse><Error><Code>${code}</Code><Message>you sent ${STS_SECRET} ${STS_TOKEN}</Message></Error></ErrorResponse>`,
  )

/**
 * What STS may answer that has secrets where none are expected; every one is met with a refusal or a fault of ours. The code of an error and the
 * request id are the service's own identifiers, and are told to operators as they come.
 */
const STS_ANSWERS: Readonly<Record<string, Answering>> = {
  'half a document': xml(200, credentialsXml().slice(0, 220)),
  'no expiry': xml(200, credentialsXml()),
  'an expiry that is none': xml(200, credentialsXml(`<Expiration>${STS_TOKEN}</Expiration>`)),
  'an empty token': xml(200, credentialsXml(EXPIRES, '')),
  'a token too long for an answer': (response) =>
    xml(200, credentialsXml(SOON(), STS_TOKEN.repeat(80), assumedUser))(response),
  JSON: xml(200, JSON.stringify({ SecretAccessKey: STS_SECRET, SessionToken: STS_TOKEN })),
  text: xml(200, `${STS_SECRET} ${STS_TOKEN}`),
  'access denied': stsError(403, 'AccessDenied'),
  'an error that nobody knows': stsError(400, 'NobodyKnows'),
  'a malformed request': stsError(400, 'ValidationError'),
  'a failure': stsError(500, 'InternalFailure'),
  'a redirect': xml(302, STS_TOKEN, { location: `http://127.0.0.1:1/${STS_TOKEN}` }),
  'a header': xml(400, '', { 'x-amzn-errortype': 'NobodyKnows', 'x-amzn-message': STS_TOKEN }),
  'a reset': (response) => {
    response.destroy()
  },
}

const dynamoError = (status: number, type: string): Answering => {
  return (response) =>
    response
      .writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
      .end(JSON.stringify({ __type: type, message: `you sent ${STS_SECRET}` }))
}
const DYNAMODB_ANSWERS: Readonly<Record<string, Answering>> = {
  'access denied': dynamoError(400, 'com.amazon.coral.service#AccessDeniedException'),
  'a validation error': dynamoError(400, 'com.amazon.coral.validate#ValidationException'),
  'an error that nobody knows': dynamoError(400, 'NobodyKnows'),
  'a failure': dynamoError(500, 'InternalServerError'),
  'no JSON': xml(200, STS_SECRET),
  'items that are none': (response) => {
    const Items = [
      { pk: { S: 'CERT#1' }, sk: { S: 'META' }, kind: { S: STS_SECRET }, status: { S: STS_TOKEN } },
    ]
    response
      .writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
      .end(JSON.stringify({ Items, Item: Items[0], Responses: [] }))
  },
}

/** Those that tell most: each is a process of its own. */
const FEW_ANSWERS = Object.entries(DYNAMODB_ANSWERS).slice(-3)

describe('what deployed functions write when services answer secrets in the wrong place', {
  timeout: SLOW,
}, () => {
  const BROKER = { secret: fakeSecret('broker'), token: fakeSecret('brokertoken') }
  const environmentOf = (services: Readonly<Record<string, string>>) => ({
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIABROKER0000000000',
    AWS_SECRET_ACCESS_KEY: BROKER.secret,
    AWS_SESSION_TOKEN: BROKER.token,
    THINGPASS_TABLE: 'thingpass-local',
    THINGPASS_ACCOUNT_ID: '123456789012',
    THINGPASS_HOST_NAMES: 'devices.example.com',
    THINGPASS_METRIC_NAMESPACE: 'Thingpass/test',
    THINGPASS_AUTHORIZER_FORMAT: 'http-simple',
    THINGPASS_CREDENTIALS_ENDPOINT: 'devices.example.com',
    THINGPASS_CA_KEY_ALIAS_PREFIX: 'alias/thingpass/',
    ...services,
  })
  const eventOf = async () => ({
    version: '2.0',
    rawPath: PATH,
    headers: { 'x-amzn-iot-thingname': 'camera-1', cookie: STS_TOKEN },
    requestContext: {
      requestId: 'request-1',
      domainName: 'devices.example.com',
      http: { method: 'GET', sourceIp: '192.0.2.7' },
      authentication: {
        clientCert: { clientCertPem: (await identityOf('camera-1')).certificatePem },
      },
    },
  })
  const runWith = async (
    name: string,
    services: Readonly<Record<string, string>>,
    { deployed = 'credentials' as const, event }: Deployed = {},
  ) => {
    const run = await runDeployed(deployed, event ?? (await eventOf()), {
      file: join(folder, 'answers.json'),
      environment: environmentOf(services),
    })
    outputs[`stdout of ${deployed}: ${name}`] = run.out
    outputs[`stderr of ${deployed}: ${name}`] = run.err
    return run
  }
  beforeAll(async () => {
    const session = idOf((await identityOf('camera-1')).certificatePem)
    const arn = `arn:aws:sts::123456789012:assumed-role/thingpass-demo-camera/${session}`
    assumedUser = `<AssumedRoleUser><AssumedRoleId>AROACANARY:${session}</AssumedRoleId><Arn>${arn}</Arn></AssumedRoleUser>`
    secrets.push({ name: 'secret of STS', value: STS_SECRET })
    secrets.push({ name: 'token of STS', value: STS_TOKEN })
    secrets.push({ name: 'secret of the broker', value: BROKER.secret })
    secrets.push({ name: 'token of the broker', value: BROKER.token })
  })

  test('credentials are in the answer, and there alone', async () => {
    const sts = await startFakeService([xml(200, credentialsXml(SOON(), STS_TOKEN, assumedUser))])
    const answer = await runWith('credentials', {
      AWS_ENDPOINT_URL_DYNAMODB: stack.dynamodbUrl,
      AWS_ENDPOINT_URL_STS: sts.url,
    })
    expect([answer.status, sts.calls()]).toEqual([200, 1])
    expect(answer.body).toContain(STS_SECRET)
    expect(answer.body).toContain(STS_TOKEN)
    await sts.stop()
  })

  test.each(Object.entries(STS_ANSWERS))('STS: %s', async (name, answering) => {
    const sts = await startFakeService([answering])
    const answer = await runWith(`STS, ${name}`, {
      AWS_ENDPOINT_URL_DYNAMODB: stack.dynamodbUrl,
      AWS_ENDPOINT_URL_STS: sts.url,
    })
    outputs[`answer: STS, ${name}`] = answer.body
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(sts.calls()).toBeGreaterThan(0)
    await sts.stop()
  })

  test.each(Object.entries(DYNAMODB_ANSWERS))('DynamoDB: %s', async (name, answering) => {
    const dynamodb = await startFakeService([answering])
    const answer = await runWith(`DynamoDB, ${name}`, {
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
      AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:1',
    })
    outputs[`answer: DynamoDB, ${name}`] = answer.body
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(dynamodb.calls()).toBeGreaterThan(0)
    await dynamodb.stop()
  })

  test.each(FEW_ANSWERS)('authorizer, DynamoDB: %s', async (name, answering) => {
    const dynamodb = await startFakeService([answering])
    const event = {
      ...(await eventOf()),
      ...{ type: 'REQUEST', routeArn: 'arn:aws:execute-api:us-east-1:123456789012:api1/s/GET/a' },
    }
    const run = await runWith(
      `DynamoDB, ${name}`,
      { AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url },
      { deployed: 'authorizer', event: withApi(event) },
    )
    outputs[`answer of the authorizer: DynamoDB, ${name}`] = run.body
    expect(run.body).not.toContain('"isAuthorized":true')
    expect(dynamodb.calls()).toBeGreaterThan(0)
    await dynamodb.stop()
  })

  test.each(FEW_ANSWERS)('control plane, KMS: %s', async (name, answering) => {
    const kms = await startFakeService([answering])
    const run = await runWith(
      `KMS, ${name}`,
      { AWS_ENDPOINT_URL_DYNAMODB: stack.dynamodbUrl, AWS_ENDPOINT_URL_KMS: kms.url },
      { deployed: 'control', event: controlCall('/t/acme/keys-and-certificate') },
    )
    outputs[`answer of the control plane: KMS, ${name}`] = run.body
    expect(run.status).toBeGreaterThanOrEqual(400)
    expect(kms.calls()).toBeGreaterThan(0)
    await kms.stop()
  })

  test.each(FEW_ANSWERS)('control plane, DynamoDB: %s', async (name, answering) => {
    const dynamodb = await startFakeService([answering])
    const run = await runWith(
      `DynamoDB, ${name}`,
      { AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url },
      { deployed: 'control', event: controlCall('/t/acme/keys-and-certificate') },
    )
    outputs[`answer of the control plane: DynamoDB, ${name}`] = run.body
    expect(run.status).toBeGreaterThanOrEqual(400)
    expect(dynamodb.calls()).toBeGreaterThan(0)
    await dynamodb.stop()
  })
})

type Deployed = {
  readonly deployed?: 'credentials' | 'authorizer' | 'control'
  readonly event?: object
}

/** What an authorizer is told beside. */
function withApi<Event extends { readonly requestContext: object }>(event: Event) {
  return { ...event, requestContext: { ...event.requestContext, apiId: 'api1', stage: 's' } }
}

function controlCall(path: string) {
  return {
    ...{ httpMethod: 'POST', path, body: '', isBase64Encoded: false },
    multiValueHeaders: { cookie: [STS_TOKEN] },
    requestContext: {
      requestId: 'request-1',
      identity: { userArn: 'arn:aws:iam::123456789012:user/acme', sourceIp: '192.0.2.7' },
    },
  }
}

describe('T39: secrets are seen nowhere', { timeout: SLOW }, () => {
  test('in nothing that was printed, answered or written down', async () => {
    Object.assign(outputs, await stack.outputs())
    expect(secrets.length).toBeGreaterThan(15)
    expect(Object.keys(outputs).length).toBeGreaterThan(50)
    expect(outputs['audit.jsonl']!.split('\n').length).toBeGreaterThan(5)
    expect(outputs['stdout of credentials: credentials']).toContain('"decision":"allow"')
    expect(leaksIn(outputs, createSecretSearch(secrets))).toEqual({})
  })

  test('in no item of the registry', async () => {
    const client = new DynamoDBClient({
      region: 'us-east-1',
      endpoint: stack.dynamodbUrl,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    })
    const { Items = [] } = await client.send(new ScanCommand({ TableName: 'thingpass-local' }))
    client.destroy()
    expect(Items.length).toBeGreaterThan(20)
    // Certificates are kept there on purpose.
    const hidden = secrets.filter(({ name }) => !name.startsWith('certificate'))
    const search = createSecretSearch(hidden, { allowPem: true })
    expect(search(JSON.stringify(Items))).toEqual([])
  })

  test('in no file that anybody else may read', async () => {
    const hidden = secrets.filter(({ name }) => !name.startsWith('certificate'))
    const search = createSecretSearch(hidden, { allowPem: true })
    const isPrivateKey = (text: string) => /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)
    let kept = 0
    for (const file of await filesIn([
      stack.dataDir,
      join(folder, 'cache'),
      join(folder, 'camera-9'),
    ])) {
      const text = await readFile(file, 'latin1')
      if (search(text).length === 0 && !isPrivateKey(text)) continue
      kept += 1
      expect([file, (await stat(file)).mode & 0o077]).toEqual([file, 0])
    }
    // Keys of devices, CAs and server, the access keys, the kept credentials.
    expect(kept).toBeGreaterThan(6)
  })

  test('and would be found, were one of them printed', () => {
    const search = createSecretSearch(secrets)
    for (const { name, value } of secrets) {
      const printed = { log: JSON.stringify({ message: Buffer.from(value).toString('base64') }) }
      expect(Object.keys(leaksIn(printed, search)), name).toEqual(['log'])
    }
  })
})

async function filesIn(folders: readonly string[]): Promise<readonly string[]> {
  const all = await Promise.all(
    folders.map((each) => readdir(each, { recursive: true, withFileTypes: true })),
  )
  return all
    .flat()
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
}
