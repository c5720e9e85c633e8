import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { auth, io } from 'aws-crt'
import { HttpHeaders, HttpRequest } from 'aws-crt/dist/native/http.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestStack, type TestStack } from '../support/local-stack.ts'
import { canListenOn, hasProgram, leftOut } from './available.ts'

const run = promisify(execFile)
const THING = 'camera-1'
const PATH = '/role-aliases/demo-camera/credentials'
const MEMBERS = ['accessKeyId', 'secretAccessKey', 'sessionToken', 'expiration']

// Clients on aws-c-auth know port 443 only.
const https = await canListenOn(443)
const curl = hasProgram('curl', '--version')
const java = hasProgram('java', '-version')
if (!https) leftOut('aws-crt', 'port 443 cannot be opened by this user')
if (!curl) leftOut('curl', 'it is not installed')
if (!java) leftOut('Java', 'it is not installed')

let stack: TestStack
beforeAll(async () => {
  stack = await startTestStack(https ? ['--port', '443'] : [])
})
afterAll(() => stack.close())

describe.skipIf(!https)(
  'aws-crt, the credentials provider of the C++, Java, Python and Swift SDKs',
  () => {
    const provider = (roleAlias: string) => {
      const { certificate, privateKey, authority } = stack.filesOf(THING)
      const options = io.TlsContextOptions.create_client_with_mtls_from_path(
        certificate,
        privateKey,
      )
      options.override_default_trust_store_from_path(undefined, authority)
      return auth.AwsCredentialsProvider.newX509({
        endpoint: 'localhost',
        thingName: THING,
        roleAlias,
        tlsContext: new io.ClientTlsContext(options),
      })
    }
    const sign = async (roleAlias: string) => {
      const headers = new HttpHeaders([['host', 'example.com']])
      const signed = await auth.aws_sign_request(new HttpRequest('GET', '/', headers), {
        algorithm: auth.AwsSigningAlgorithm.SigV4,
        signature_type: auth.AwsSignatureType.HttpRequestViaHeaders,
        provider: provider(roleAlias),
        region: 'us-east-1',
        service: 's3',
      })
      return signed.headers
    }

    test('signs with the credentials that it fetched for the device', async () => {
      const headers = await sign('demo-camera')
      const record = (await stack.audited()).at(-1)
      expect(record).toMatchObject({ decision: 'allow', thingName: THING })
      expect(headers.get('Authorization')).toContain(`Credential=${record?.accessKeyId}/`)
      expect(headers.get('x-amz-security-token')).toMatch(/^\S{20,}$/)
    })

    test('has no credentials for an alias that the device may not assume', async () => {
      await expect(sign('demo-admin')).rejects.toThrow()
      expect((await stack.audited()).at(-1)).toMatchObject({ reason: 'policy-does-not-allow' })
    })
  },
)

describe.skipIf(!curl)('curl', () => {
  const fetchWith = async (path: string, ...more: string[]) => {
    const { certificate, privateKey, authority } = stack.filesOf(THING)
    const identity = ['--cacert', authority, '--cert', certificate, '--key', privateKey]
    const { stdout } = await run('curl', [
      ...[
        '--silent',
        '--show-error',
        '--max-time',
        '10',
        '--path-as-is',
        '--write-out',
        '\n%{http_code}',
      ],
      ...identity,
      ...more,
      `${stack.url}${path}`,
    ])
    const [body = '', status] = stdout.split('\n')
    return { status: Number(status), body: JSON.parse(body) }
  }

  test.each(['--tlsv1.3', '--tls-max=1.2', '--http1.1', '--http2'])(
    'gets credentials with %s',
    async (flag) => {
      const { status, body } = await fetchWith(
        PATH,
        ...flag.split('='),
        '-H',
        `x-amzn-iot-thingname: ${THING}`,
      )
      expect(status).toBe(200)
      expect(Object.keys(body.credentials)).toEqual(MEMBERS)
    },
  )

  test('is told when it sends the thing header twice', async () => {
    const twice = ['-H', `x-amzn-iot-thingname: ${THING}`, '-H', `x-amzn-iot-thingname: ${THING}`]
    expect(await fetchWith(PATH, ...twice)).toEqual({
      status: 403,
      body: { message: 'Invalid thing name passed' },
    })
  })
})

describe.skipIf(!java)('Java with its default key managers', () => {
  test.each(['TLSv1.3', 'TLSv1.2'])(
    'sends its certificate and gets credentials over %s',
    async (version) => {
      const { certificate, privateKey, authority } = stack.filesOf(THING)
      const probe = join(import.meta.dirname, 'X509Probe.java')
      const url = `${stack.url}${PATH}`
      const { stdout } = await run('java', [
        probe,
        url,
        THING,
        certificate,
        privateKey,
        authority,
        version,
      ])
      expect(stdout).toBe(
        `200 {"credentials":{${MEMBERS.map((member) => `"${member}"`).join()}}}\n`,
      )
    },
    60_000,
  )
})
