import { createStsClient } from '@thingpass/aws/clients'
import { createStsIssuer } from '@thingpass/aws/sts/issuer'
import { parseRegion } from '@thingpass/core/names'
import { createFakeIssuer, type FakeRole } from '@thingpass/core/testing/fake-issuer'
import { parseRoles } from '@thingpass/local/sts/roles-file'
import { startLocalSts } from '@thingpass/local/sts/start-local-sts'
import { expect } from 'vitest'
import { CONTRACT_ROLES, describeIssuer, describeSentSessions } from './issuer.ts'
import { startStsStub } from './issuer-sts-stub.ts'

const now = () => new Date()

async function fakeIssuer() {
  const { issue, requests } = createFakeIssuer({ clock: now, roles: CONTRACT_ROLES })
  return { issue, now, received: () => requests, stop: async () => undefined }
}

describeIssuer('the fake issuer', fakeIssuer)
describeSentSessions('the fake issuer', fakeIssuer)

const region = parseRegion('us-east-1')!
const broker = { accessKeyId: 'AKIALOCALBROKER00000', secretAccessKey: 'the-broker-of-the-test' }

/** An issuer over STS's protocol. */
function stsIssuer(endpoint: string, stopServer: () => Promise<void>) {
  const client = createStsClient({ region, endpoint, credentials: broker })
  const stop = async () => {
    client.destroy()
    await stopServer()
  }
  return { issue: createStsIssuer({ client, clock: now }), now, stop }
}

async function stubbedIssuer() {
  const { endpoint, received, stop } = await startStsStub(CONTRACT_ROLES)
  return { ...stsIssuer(endpoint, stop), received: () => received }
}

describeIssuer('the STS issuer, over a stub', stubbedIssuer)
describeSentSessions('the STS issuer, over a stub', stubbedIssuer)

describeIssuer('the STS issuer, over the local STS', async () => {
  const roles = parseRoles(JSON.stringify(CONTRACT_ROLES.map(asRoleEntry)))
  if (!roles.ok) throw new Error(roles.problem)
  const { url, close } = await startLocalSts({
    accountId: '123456789012',
    region,
    brokerRoleName: 'thingpass-credentials',
    brokerCredentials: broker,
    roles: () => roles.value,
    signingKey: new Uint8Array(32),
    clock: now,
    log: (line) => expect(line).toBe('nothing to report'),
  })
  return { ...stsIssuer(url, close), chained: true }
})

/** A role as the local STS's file has it, trusting the broker with the external id. */
const asRoleEntry = ({ roleArn, externalId, maxSessionSeconds }: FakeRole) => ({
  arn: roleArn,
  maxSessionDuration: maxSessionSeconds,
  trustPolicy: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::123456789012:role/thingpass-credentials' },
        Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
        Condition: { StringEquals: { 'sts:ExternalId': externalId } },
      },
    ],
  },
})
