import { join } from 'node:path'
import type { FrontDoorName } from './command-line.ts'
import { SHOWN_DEVICE } from './demo-fleet/fleet.ts'
import { DATA_FILES } from './engine/data-directory.ts'
import { PKI_FILES } from './pki/local-pki.ts'
import type { Stack } from './stack/start-stack.ts'

/** What a running stack tells whoever started it. */
export type WelcomeFacts = Pick<
  Stack,
  | 'url'
  | 'frontDoor'
  | 'stsUrl'
  | 'dynamodbUrl'
  | 'controlUrl'
  | 'region'
  | 'dataDir'
  | 'hasDemoDevices'
>

/** The text printed when a stack is ready: where everything is, and a command that fetches credentials. */
export function welcomeText(facts: WelcomeFacts): string {
  const sts =
    facts.stsUrl === undefined
      ? 'AWS'
      : `${facts.stsUrl}  (local stand-in: AWS does not know its credentials)`
  return `Thingpass is ready.

  devices    ${facts.url}  (mutual TLS${DOORS[facts.frontDoor]})
  operators  ${facts.controlUrl}  (AWS IoT's API, signed)
  STS        ${sts}
  DynamoDB   ${facts.dynamodbUrl}
  data       ${facts.dataDir}

${facts.hasDemoDevices ? deviceText(facts) : ELSEWHERE}

${operatorText(facts)}

Ctrl-C stops everything.
`
}

/** What a front door other than the default is. */
const DOORS: Readonly<Record<FrontDoorName, string>> = {
  'api-gateway': '',
  'load-balancer': ', as behind a load balancer: no authorizer, no guarded APIs',
}

function operatorText({ controlUrl, dataDir, region }: WelcomeFacts): string {
  const keys = shellWord(join(dataDir, DATA_FILES.awsCredentials))
  return `Operators use the tools they have, as profile default or acme:

export AWS_SHARED_CREDENTIALS_FILE=${keys}
export AWS_REGION=${region} AWS_DEFAULT_REGION=${region}
export AWS_ENDPOINT_URL_IOT=${controlUrl}
aws iot list-role-aliases`
}

const ELSEWHERE = `The demo devices of this DynamoDB were made by another start: their keys are in its
data directory.`

function deviceText(facts: WelcomeFacts): string {
  const { thingName } = SHOWN_DEVICE
  return `The demo device ${thingName} has its certificate in
${PKI_FILES.deviceCertificate(facts.dataDir, thingName)}, its private key beside it.
Credentials for it:

${curlLine(facts)}${facts.frontDoor === 'api-gateway' ? whoamiText(facts) : ''}`
}

function whoamiText(facts: WelcomeFacts): string {
  return `

What an API that the authorizer guards is told of it:

${curlLine(facts, WHOAMI)}`
}

const WHOAMI = `/whoami?roleAlias=${SHOWN_DEVICE.roleAlias}`
const CREDENTIALS = `/role-aliases/${SHOWN_DEVICE.roleAlias}/credentials`

/** A command that, pasted into a shell, asks for a path as the shown device; for its credentials unless another is named. */
export function curlLine(
  { url, dataDir }: Pick<WelcomeFacts, 'url' | 'dataDir'>,
  path: string = CREDENTIALS,
): string {
  const { thingName } = SHOWN_DEVICE
  const words = [
    'curl',
    ...['--cacert', PKI_FILES.serverCa(dataDir)],
    ...['--cert', PKI_FILES.deviceCertificate(dataDir, thingName)],
    ...['--key', PKI_FILES.devicePrivateKey(dataDir, thingName)],
    ...['--header', `x-amzn-iot-thingname: ${thingName}`],
    `${url}${path}`,
  ]
  return words.map(shellWord).join(' ')
}

/** Quotes what a POSIX shell would otherwise read as more than one plain word. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
