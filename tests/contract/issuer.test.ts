import { createStsClient } from '@thingpass/aws/clients'
import { createStsIssuer } from '@thingpass/aws/sts/issuer'
import { parseRegion } from '@thingpass/core/names'
import { createFakeIssuer } from '@thingpass/core/testing/fake-issuer'
import { CONTRACT_ROLES, describeIssuer } from './issuer.ts'
import { startStsStub } from './issuer-sts-stub.ts'

const now = () => new Date()

describeIssuer('the fake issuer', async () => {
  const { issue, requests } = createFakeIssuer({ clock: now, roles: CONTRACT_ROLES })
  return { issue, now, received: () => requests, stop: async () => undefined }
})

describeIssuer('the STS issuer', async () => {
  const stub = await startStsStub(CONTRACT_ROLES)
  const client = createStsClient({
    region: parseRegion('us-east-1')!,
    endpoint: stub.endpoint,
    credentials: { accessKeyId: 'broker', secretAccessKey: 'broker' },
  })
  const stop = async () => {
    client.destroy()
    await stub.stop()
  }
  return {
    issue: createStsIssuer({ client, clock: now }),
    now,
    received: () => stub.received,
    stop,
  }
})
