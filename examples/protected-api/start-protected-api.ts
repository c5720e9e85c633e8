import { readFile } from 'node:fs/promises'
import { DEFAULT_TENANT, parsePolicyName } from '../../packages/core/src/names.ts'
import type { Settings } from '../../packages/local/src/command-line.ts'
import { PKI_FILES } from '../../packages/local/src/pki/local-pki.ts'
import type { StackIo } from '../../packages/local/src/stack/stack-io.ts'
import { type Stack, startStack } from '../../packages/local/src/stack/start-stack.ts'
import { createIdentify } from '../../packages/x509/src/identify.ts'
import { ownReadingsPolicy } from './own-readings-policy.ts'
import { createReadingsApi } from './readings-api.ts'

/** The demo devices that are given the policy. */
export const READERS = ['camera-1', 'camera-2'] as const

/** What the local gateway calls its API and stage in ARNs. */
const LOCAL_API = 'local/$default'

/** Starts the local stack with the readings API behind its authorizer, and gives two demo devices the policy for it. */
export async function startProtectedApi(settings: Settings, io: StackIo): Promise<Stack> {
  const stack = await startStack(settings, io, createReadingsApi())
  try {
    await allowReaders(stack, settings)
    return stack
  } catch (thrown) {
    await stack.close()
    throw thrown
  }
}

async function allowReaders({ registry, dataDir }: Stack, settings: Settings): Promise<void> {
  const { region, account } = settings
  const policyName = parsePolicyName('own-readings')
  if (policyName === undefined) throw new Error('the policy has no valid name')
  const policy = { tenantId: DEFAULT_TENANT, policyName }
  const document = ownReadingsPolicy({ region, account, api: LOCAL_API })
  const created = await registry.createPolicy({ ...policy, document })
  // A second start finds the policy of the first.
  if (!created.ok && created.conflict !== 'policy-exists') throw new Error(created.conflict)
  const identify = createIdentify()
  for (const thing of READERS) {
    const identified = identify(await readFile(PKI_FILES.deviceCertificate(dataDir, thing), 'utf8'))
    if (!identified.ok) throw new Error(identified.reason)
    const { certificateId } = identified.certificate.facts
    const target = { kind: 'certificate', certificateId } as const
    const attached = await registry.attachPolicy({ ...policy, target })
    if (!attached.ok) throw new Error(attached.conflict)
  }
}
