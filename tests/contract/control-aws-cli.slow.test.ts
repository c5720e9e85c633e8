// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are plain text
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { issueCa, issueDeviceCertificate } from '@thingpass/local/pki/issue-certificate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hasProgram, leftOut } from '../clients/available.ts'
import { connect } from '../support/fleet.ts'
import { startTestStack, type TestStack } from '../support/local-stack.ts'

/** Every command starts an interpreter. */
const SLOW = 300_000
const ROLE = 'arn:aws:iam::123456789012:role/thingpass-demo-camera'
const installed = hasProgram('aws', '--version')
if (!installed) leftOut('a fleet by aws iot', 'the AWS CLI is not installed')

let stack: TestStack
let folder: string
beforeAll(async () => {
  stack = await startTestStack(['--control-port', '0'])
  folder = await mkdtemp(join(tmpdir(), 'aws-cli-'))
}, SLOW)
afterAll(async () => {
  await stack.close()
  await rm(folder, { recursive: true })
})

const run = promisify(execFile)

/** Nothing of the machine's own AWS settings. */
const environment = () => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))),
  AWS_SHARED_CREDENTIALS_FILE: join(stack.dataDir, 'aws-credentials'),
  AWS_CONFIG_FILE: join(folder, 'no-config'),
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_MAX_ATTEMPTS: '1',
  AWS_PAGER: '',
})

/** Runs `aws iot …` and gives its answer; words are split at spaces, what may hold one comes as an option of its own. */
async function iot(words: string, options: Readonly<Record<string, string>> = {}) {
  const more = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
  const given = ['--endpoint-url', stack.controlUrl, '--output', 'json', 'iot', ...words.split(' ')]
  const { stdout } = await run('aws', [...given, ...more], { env: environment() })
  return stdout.trim() === '' ? {} : JSON.parse(stdout)
}

/** What the CLI says when a command is refused. */
async function refusal(words: string): Promise<string> {
  const failed = await iot(words).then(
    () => ({ stderr: 'not refused' }),
    (thrown: { stderr: string }) => thrown,
  )
  return failed.stderr.trim()
}

const statement = (Action: string, Resource: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, Resource }],
  })
const fileOf = async (name: string, text: string) => {
  const path = join(folder, name)
  await writeFile(path, text, { mode: 0o600 })
  return `file://${path}`
}

async function credentialsOf(
  identity: { readonly certificatePem: string; readonly privateKeyPem: string },
  thing: string,
) {
  const device = await connect(stack, identity)
  const url = `${stack.url}/role-aliases/fleet-camera/credentials`
  const { status, body } = await device.get(url, { 'x-amzn-iot-thingname': thing })
  device.close()
  return { status, ...JSON.parse(body) }
}

/** What the devices of the fleet have in common. */
async function makeFleet() {
  const attributes = '{"attributes":{"site":"p7"}}'
  await iot('create-thing-type --thing-type-name fleet-type')
  await iot('create-thing-group --thing-group-name fleet')
  await iot('create-thing-group --thing-group-name fleet-north --parent-group-name fleet')
  for (const thing of ['fleet-1', 'fleet-2']) {
    const make = `create-thing --thing-name ${thing} --thing-type-name fleet-type`
    await iot(make, { 'attribute-payload': attributes })
    await iot(`add-thing-to-thing-group --thing-name ${thing} --thing-group-name fleet-north`)
  }
  const assume = statement('iot:AssumeRoleWithCertificate', '*')
  await iot('create-policy --policy-name fleet-assume', { 'policy-document': assume })
  const own = statement('s3:GetObject', 'arn:aws:s3:::fleet/${credentials-iot:ThingName}/*')
  await iot('create-policy --policy-name fleet-own', { 'policy-document': own })
  const { roleAliasArn } = await iot(
    `create-role-alias --role-alias fleet-camera --role-arn ${ROLE} --credential-duration-seconds 900`,
  )
  await iot(`attach-policy --policy-name fleet-own --target ${roleAliasArn}`)
  return { roleAliasArn }
}

/** A device whose key and certificate are made for it. */
async function makeDevice() {
  const [certificate, key] = [join(folder, 'device.pem'), join(folder, 'device.key')]
  const { certificateArn, certificateId } = await iot(
    `create-keys-and-certificate --set-as-active --certificate-pem-outfile ${certificate} --private-key-outfile ${key}`,
  )
  const certificatePem = await readFile(certificate, 'utf8')
  const privateKeyPem = await readFile(key, 'utf8')
  return { certificateArn, certificateId, identity: { certificatePem, privateKeyPem } }
}

/** A device of a CA that its owner has registered with a proof of possession. */
async function registerDevice() {
  const now = new Date()
  const ca = await issueCa({ commonName: 'Fleet CA', now, validDays: 10 })
  const { registrationCode } = await iot('get-registration-code')
  const proof = await issueDeviceCertificate(ca, {
    ...{ commonName: registrationCode, now, validDays: 5 },
  })
  const caPem = await fileOf('ca.pem', ca.certificatePem)
  const registered = await iot(
    `register-ca-certificate --set-as-active --ca-certificate ${caPem} --verification-certificate ${await fileOf('proof.pem', proof.certificatePem)}`,
  )
  const identity = await issueDeviceCertificate(ca, { commonName: 'fleet-2', now, validDays: 5 })
  const { certificateArn, certificateId } = await iot(
    `register-certificate --set-as-active --certificate-pem ${await fileOf('own.pem', identity.certificatePem)} --ca-certificate-pem ${caPem}`,
  )
  return { certificateArn, certificateId, identity, caCertificateId: registered.certificateId }
}

const attach = async (certificateArn: string, thing: string) => {
  await iot(`attach-thing-principal --thing-name ${thing} --principal ${certificateArn}`)
  await iot(`attach-policy --policy-name fleet-assume --target ${certificateArn}`)
}

/** Takes a device out of the fleet, and everything it has. */
async function retire(
  { certificateArn, certificateId }: { certificateArn: string; certificateId: string },
  thing: string,
) {
  const active = await refusal(`delete-certificate --certificate-id ${certificateId}`)
  expect(active).toContain('(CertificateStateException)')
  await iot(`update-certificate --certificate-id ${certificateId} --new-status INACTIVE`)
  const held = await refusal(`delete-certificate --certificate-id ${certificateId}`)
  expect(held).toContain('(DeleteConflictException)')
  expect(await refusal(`delete-thing --thing-name ${thing}`)).toContain(
    `Cannot delete. Thing ${thing} is still attached to one or more principals`,
  )
  await iot(`detach-thing-principal --thing-name ${thing} --principal ${certificateArn}`)
  await iot(`detach-policy --policy-name fleet-assume --target ${certificateArn}`)
  await iot(`delete-certificate --certificate-id ${certificateId}`)
  await iot(`delete-thing --thing-name ${thing}`)
}

test.skipIf(!installed)(
  'aws iot sets a fleet up from nothing, its devices get credentials, and it is taken down again',
  async () => {
    const { roleAliasArn } = await makeFleet()
    const [made, registered] = [await makeDevice(), await registerDevice()]
    await attach(made.certificateArn, 'fleet-1')
    await attach(registered.certificateArn, 'fleet-2')

    const { endpointAddress } = await iot(
      'describe-endpoint --endpoint-type iot:CredentialProvider',
    )
    expect(stack.url).toContain(endpointAddress)
    for (const [{ identity }, thing] of [
      [made, 'fleet-1'],
      [registered, 'fleet-2'],
    ] as const) {
      expect(await credentialsOf(identity, thing)).toMatchObject({
        status: 200,
        credentials: { sessionToken: expect.any(String) },
      })
    }

    // The CLI walks lists to their end by itself.
    const listed = await iot(
      'list-things-in-thing-group --thing-group-name fleet --recursive --page-size 1',
    )
    expect(listed.things).toEqual(['fleet-1', 'fleet-2'])
    const found = await iot('list-things --attribute-name site --attribute-value p7 --page-size 1')
    expect(found.things.map(({ thingName }: { thingName: string }) => thingName)).toEqual([
      'fleet-1',
      'fleet-2',
    ])
    const effective = await iot(
      `get-effective-policies --principal ${made.certificateArn} --thing-name fleet-1`,
    )
    expect(effective.effectivePolicies).toMatchObject([{ policyName: 'fleet-assume' }])
    const tested = await iot(`test-authorization --principal ${made.certificateArn}`, {
      'auth-infos': `actionType=CONNECT,resources=${made.certificateArn}`,
    })
    expect(tested.authResults).toMatchObject([{ authDecision: 'IMPLICIT_DENY' }])
    await iot(`tag-resource --resource-arn ${roleAliasArn} --tags Key=site,Value=p7`)
    expect((await iot(`list-tags-for-resource --resource-arn ${roleAliasArn}`)).tags).toEqual([
      { Key: 'site', Value: 'p7' },
    ])

    await retire(made, 'fleet-1')
    expect(await credentialsOf(made.identity, 'fleet-1')).toMatchObject({ status: 403 })
    await retire(registered, 'fleet-2')
    const { caCertificateId } = registered
    await iot(`update-ca-certificate --certificate-id ${caCertificateId} --new-status INACTIVE`)
    await iot(`delete-ca-certificate --certificate-id ${caCertificateId}`)
    expect(await refusal('delete-role-alias --role-alias fleet-camera')).toContain(
      '(DeleteConflictException)',
    )
    await iot(`detach-policy --policy-name fleet-own --target ${roleAliasArn}`)
    await iot('delete-role-alias --role-alias fleet-camera')
    for (const policy of ['fleet-own', 'fleet-assume']) {
      await iot(`delete-policy --policy-name ${policy}`)
    }
    for (const group of ['fleet-north', 'fleet']) {
      await iot(`delete-thing-group --thing-group-name ${group}`)
    }
    await iot('deprecate-thing-type --thing-type-name fleet-type')
    expect(await refusal('delete-thing-type --thing-type-name fleet-type')).toContain(
      'Please wait for 5 minutes after deprecation and then retry',
    )
  },
  SLOW,
)
