import { join } from 'node:path'
import { SHOWN_DEVICE } from './demo-fleet/fleet.ts'
import { DATA_FILES } from './engine/data-directory.ts'
import { PKI_FILES } from './pki/local-pki.ts'
import type { Stack } from './stack/start-stack.ts'

/** What a running stack tells whoever started it. */
export type WelcomeFacts = Pick<
  Stack,
  'url' | 'stsUrl' | 'dynamodbUrl' | 'controlUrl' | 'region' | 'dataDir' | 'hasDemoDevices'
>

/** The text printed when a stack is ready: where everything is, and a command that fetches credentials. */
export function welcomeText(facts: WelcomeFacts): string {
  const sts =
    facts.stsUrl === undefined
      ? 'AWS'
      : `${facts.stsUrl}  (local stand-in: AWS does not know its credentials)`
  return `Thingpass is ready.

  devices    ${facts.url}  (mutual TLS)
  operators  ${facts.controlUrl}  (AWS IoT's API, signed)
  STS        ${sts}
  DynamoDB   ${facts.dynamodbUrl}
  data       ${facts.dataDir}

${facts.hasDemoDevices ? deviceText(facts) : ELSEWHERE}

${operatorText(facts)}

Ctrl-C stops everything.
`
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

${curlLine(facts)}`
}

/** A command that fetches the shown device's credentials when it is pasted into a shell. */
export function curlLine({ url, dataDir }: Pick<WelcomeFacts, 'url' | 'dataDir'>): string {
  const { thingName, roleAlias } = SHOWN_DEVICE
  const words = [
    'curl',
    ...['--cacert', PKI_FILES.serverCa(dataDir)],
    ...['--cert', PKI_FILES.deviceCertificate(dataDir, thingName)],
    ...['--key', PKI_FILES.devicePrivateKey(dataDir, thingName)],
    ...['--header', `x-amzn-iot-thingname: ${thingName}`],
    `${url}/role-aliases/${roleAlias}/credentials`,
  ]
  return words.map(shellWord).join(' ')
}

/** Quotes what a POSIX shell would otherwise read as more than one plain word. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
