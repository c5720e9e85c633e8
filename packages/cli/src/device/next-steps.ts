import { DEVICE_FILES } from './device-files.ts'

/** What the next steps of a device depend on. */
export type NextSteps = {
  readonly thingName: string
  readonly certificateId: string
  /** `host` or `host:port` of the device endpoint. */
  readonly host?: string
  readonly roleAlias?: string
  /** Whether the server's CA lies in the folder, because no machine trusts it anyway. */
  readonly hasServerCa: boolean
}

/** A command that fetches the device's credentials when it is pasted into a shell, in the device's folder. */
export function curlLine({ thingName, host, roleAlias, hasServerCa }: NextSteps): string {
  return [
    'curl',
    ...(hasServerCa ? [`--cacert ${DEVICE_FILES.serverCa}`] : []),
    `--cert ${DEVICE_FILES.certificate}`,
    `--key ${DEVICE_FILES.privateKey}`,
    `--header 'x-amzn-iot-thingname: ${thingName}'`,
    `https://${host ?? 'HOST'}/role-aliases/${roleAlias ?? 'ROLE-ALIAS'}/credentials`,
  ].join(' ')
}

/** What whoever finds the device's folder needs to know; nothing of it is a secret. */
export function nextStepsText(steps: NextSteps): string {
  const { thingName, certificateId, host = 'HOST', roleAlias = 'ROLE-ALIAS', hasServerCa } = steps
  return `# ${thingName}

Certificate \`${certificateId}\`.

| file | what |
|---|---|
| \`${DEVICE_FILES.privateKey}\` | the device's private key: made here and sent nowhere; for the device alone |
| \`${DEVICE_FILES.certificate}\` | its certificate |
${hasServerCa ? `| \`${DEVICE_FILES.serverCa}\` | the CA of the local device endpoint |\n` : ''}
## Fetch credentials

${missing(steps)}In this folder:

\`\`\`sh
${curlLine(steps)}
\`\`\`

## Use an AWS SDK

In \`~/.aws/config\` on the device, with the whole paths of the files:

\`\`\`ini
[profile ${thingName}]
credential_process = thingpass credential-process --endpoint ${host} --role-alias ${roleAlias} --thing ${thingName} --cert ${DEVICE_FILES.certificate} --key ${DEVICE_FILES.privateKey}${hasServerCa ? ` --ca ${DEVICE_FILES.serverCa}` : ''}
\`\`\`

## Where it does not work

\`\`\`sh
thingpass explain --certificate ${DEVICE_FILES.certificate} --alias ${roleAlias} --thing ${thingName}
\`\`\`

## When it is lost

\`\`\`sh
thingpass device revoke ${thingName}
\`\`\`
`
}

function missing({ host, roleAlias }: NextSteps): string {
  const lines = [
    ...(host === undefined ? ['Put the host name of the device endpoint for `HOST`.'] : []),
    ...(roleAlias === undefined
      ? [
          'No role alias lets the device in yet: attach a policy that allows `iot:AssumeRoleWithCertificate` on one (`thingpass policies attach`), and put its name for `ROLE-ALIAS`.',
        ]
      : []),
  ]
  return lines.map((line) => `${line}\n\n`).join('')
}
