import { createStsClient } from '@thingpass/aws/clients'
import { leanAssumeRole } from '@thingpass/aws/lean/assume-role'
import { createIssuer, createStsIssuer } from '@thingpass/aws/sts/issuer'
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
const broker = {
  accessKeyId: 'AKIALOCALBROKER00000',
  secretAccessKey: 'the-broker-of-the-test',
  sessionToken: 'the-token+of/the=test',
}

/** Issuers over STS's protocol. */
const ISSUERS = {
  'the STS issuer': (endpoint: string) => {
    const client = createStsClient({ region, endpoint, credentials: broker })
    return { issue: createStsIssuer({ client, clock: now }), close: () => client.destroy() }
  },
  'the lean STS issuer': (endpoint: string) => {
    const service = { region, endpoint, credentials: broker, clock: now, random: () => 0 }
    const assumeRole = leanAssumeRole(service)
    return { issue: createIssuer({ assumeRole, clock: now }), close: assumeRole.close }
  },
}

for (const [name, open] of Object.entries(ISSUERS)) {
  const stsIssuer = (endpoint: string, stopServer: () => Promise<void>) => {
    const { issue, close } = open(endpoint)
    const stop = async () => {
      close()
      await stopServer()
    }
    return { issue, now, stop }
  }
  const overStub = async () => {
    const { endpoint, received, stop } = await startStsStub(CONTRACT_ROLES)
    return { ...stsIssuer(endpoint, stop), received: () => received }
  }
  const overLocalSts = async () => {
    const { url, close } = await localSts()
    return { ...stsIssuer(url, close), chained: true as const }
  }
  describeIssuer(`${name}, over a stub`, overStub)
  describeSentSessions(`${name}, over a stub`, overStub)
  describeIssuer(`${name}, over the local STS`, overLocalSts)
}

/** The local STS, which verifies signatures. */
async function localSts() {
  const roles = parseRoles(JSON.stringify(CONTRACT_ROLES.map(asRoleEntry)))
  if (!roles.ok) throw new Error(roles.problem)
  return startLocalSts({
    accountId: '123456789012',
    region,
    brokerRoleName: 'thingpass-credentials',
    brokerCredentials: broker,
    roles: () => roles.value,
    signingKey: new Uint8Array(32),
    clock: now,
    log: (line) => expect(line).toBe('nothing to report'),
  })
}

/** A role as the local STS's file has it, trusting the broker with the external id. */
function asRoleEntry({ roleArn, externalId, maxSessionSeconds }: FakeRole) {
  return {
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
  }
}
