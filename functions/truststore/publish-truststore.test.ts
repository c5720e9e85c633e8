import { hash } from 'node:crypto'
import { parseCaCertificateId, parseTenantId } from '@thingpass/core/names'
import { createCa } from '@thingpass/x509/testing/certificates'
import { beforeEach, describe, expect, test } from 'vitest'
import { publishTruststore } from './publish-truststore.ts'
import { readCaFacts, type TruststoreCa } from './truststore-ca.ts'
import type { TruststorePorts } from './truststore-ports.ts'

const NOON = new Date('2026-06-01T12:00:00Z')
const SEED = createCa({ subject: 'Seed' }).pem
const seconds = (count: number) => new Date(NOON.getTime() + count * 1000)

function caOf(subject: string, modifiedAt = NOON): TruststoreCa {
  const { pem } = createCa({ subject })
  return {
    caCertificateId: parseCaCertificateId(hash('sha256', pem, 'hex'))!,
    tenantId: parseTenantId('acme')!,
    registeredAt: modifiedAt,
    modifiedAt,
    certificate: readCaFacts(pem)!,
  }
}
const pemOf = (ca: TruststoreCa) => ca.certificate?.pem ?? ''

/** Bucket and domain in memory; one version per write. */
function createWorld() {
  const versions = [SEED]
  const world = {
    now: NOON,
    writtenAt: seconds(-3600),
    cas: [] as readonly TruststoreCa[],
    used: 'v0' as string | undefined,
    updates: [] as { readonly versionId: string; readonly at: number }[],
    refusal: undefined as Error | undefined,
    current: () => versions.at(-1) ?? '',
    inUse: () => versions[Number(world.used?.slice(1))],
    beforeReplace: async (): Promise<void> => undefined,
  }
  const latest = () => versions.length - 1
  const ports: TruststorePorts = {
    readCas: async () => world.cas,
    clock: () => world.now,
    bucket: {
      readSeed: async () => SEED,
      readTruststore: async () => ({
        pem: world.current(),
        versionId: `v${latest()}`,
        tag: `tag-${latest()}`,
        writtenAt: world.writtenAt,
      }),
      replace: async (tag, pem) => {
        await world.beforeReplace()
        if (tag !== `tag-${latest()}`) return undefined
        versions.push(pem)
        world.writtenAt = world.now
        return { versionId: `v${latest()}` }
      },
    },
    domain: {
      read: async () => ({ versionId: world.used, warnings: ['a warning'] }),
      use: async (versionId) => {
        if (world.refusal) throw world.refusal
        world.updates.push({ versionId, at: world.now.getTime() })
        world.used = versionId
      },
    },
  }
  return { world, ports }
}

let world: ReturnType<typeof createWorld>['world']
let ports: TruststorePorts
beforeEach(() => {
  ;({ world, ports } = createWorld())
})

describe('a change of the CAs', () => {
  test('is written, and the domain uses what was written', async () => {
    const ca = caOf('A')
    world.cas = [ca]
    expect(await publishTruststore(ports)).toMatchObject({ outcome: 'published', lagSeconds: 0 })
    expect(world.inUse()).toBe(pemOf(ca))
  })

  test('that is none is neither written nor updated', async () => {
    expect(await publishTruststore(ports)).toMatchObject({
      outcome: 'unchanged',
      lagSeconds: 0,
      warnings: ['a warning'],
    })
    expect(world.current()).toBe(SEED)
    expect(world.updates).toEqual([])
  })

  test('that takes the last CA away puts the seed back', async () => {
    world.cas = [caOf('A')]
    await publishTruststore(ports)
    world.cas = []
    world.now = seconds(60)
    await publishTruststore(ports)
    expect(world.inUse()).toBe(SEED)
  })
})

describe('the pause between updates', () => {
  test.each([
    [29.999, 'postponed'],
    [30, 'published'],
  ])('%d s after the last write a change is %s', async (after, outcome) => {
    world.cas = [caOf('A')]
    world.writtenAt = seconds(-after)
    expect((await publishTruststore(ports)).outcome).toBe(outcome)
  })

  test('holds over an hour of changes, a run each second', async () => {
    for (let second = 0; second < 3600; second++) {
      world.now = seconds(second)
      if (second % 7 === 0) world.cas = [caOf(`A${second % 5}`, world.now)]
      await publishTruststore(ports)
    }
    const times = world.updates.map(({ at }) => at)
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0))
    expect(gaps.length).toBeGreaterThan(100)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(30_000)
  })

  test('is kept by a date that cannot be read', async () => {
    world.cas = [caOf('A')]
    world.writtenAt = new Date(Number.NaN)
    expect((await publishTruststore(ports)).outcome).toBe('postponed')
  })
})

describe('two publishers at once', () => {
  test('make one update', async () => {
    world.cas = [caOf('A')]
    const outcomes = await Promise.all([publishTruststore(ports), publishTruststore(ports)])
    expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['postponed', 'published'])
    expect(world.updates).toHaveLength(1)
  })

  test('the one that read before the other wrote writes nothing', async () => {
    world.cas = [caOf('A')]
    world.beforeReplace = async () => {
      world.beforeReplace = async () => undefined
      await publishTruststore(ports)
    }
    expect((await publishTruststore(ports)).outcome).toBe('postponed')
    expect(world.updates).toEqual([{ versionId: 'v1', at: NOON.getTime() }])
  })
})

describe('a publication that fails', () => {
  test('keeps the last good truststore in use, and fails', async () => {
    const good = caOf('A')
    world.cas = [good]
    await publishTruststore(ports)
    world.refusal = new Error('refused')
    world.cas = [good, caOf('B')]
    world.now = seconds(60)
    await expect(publishTruststore(ports)).rejects.toThrow('refused')
    expect(world.inUse()).toBe(pemOf(good))
  })

  test.each([
    [359, 'postponed'],
    [360, 'published'],
  ])(
    'is tried again after five minutes: %d s after the first run it is %s',
    async (second, outcome) => {
      world.cas = [caOf('A')]
      world.refusal = new Error('refused')
      world.now = seconds(60)
      await expect(publishTruststore(ports)).rejects.toThrow('refused')
      world.refusal = undefined
      world.now = seconds(second)
      expect((await publishTruststore(ports)).outcome).toBe(outcome)
    },
  )

  test('gives way to a change after the ordinary pause', async () => {
    world.cas = [caOf('A')]
    world.refusal = new Error('refused')
    await expect(publishTruststore(ports)).rejects.toThrow('refused')
    world.refusal = undefined
    const changed = caOf('B')
    world.cas = [changed]
    world.now = seconds(30)
    expect((await publishTruststore(ports)).outcome).toBe('published')
    expect(world.inUse()).toBe(pemOf(changed))
  })

  test('to read the registry publishes nothing', async () => {
    const failing = { ...ports, readCas: () => Promise.reject(new Error('gone')) }
    await expect(publishTruststore(failing)).rejects.toThrow('gone')
    expect(world.current()).toBe(SEED)
  })

  test('has said before what it planned', async () => {
    world.cas = [caOf('A', seconds(-40))]
    world.refusal = new Error('refused')
    const plans: unknown[] = []
    await expect(publishTruststore(ports, (plan) => plans.push(plan))).rejects.toThrow('refused')
    expect(plans).toMatchObject([{ lagSeconds: 40, warnings: ['a warning'], plan: { cas: [{}] } }])
  })
})

test('a domain that uses another version than the one that lies there is brought to it', async () => {
  world.used = undefined
  expect((await publishTruststore(ports)).outcome).toBe('published')
  expect(world.inUse()).toBe(SEED)
})

describe('lag', () => {
  test('is how long the longest waiting CA has waited', async () => {
    const inIt = caOf('A', seconds(-9000))
    world.cas = [inIt]
    await publishTruststore(ports)
    world.now = seconds(20)
    world.cas = [inIt, caOf('B', seconds(5)), caOf('C', seconds(12))]
    expect(await publishTruststore(ports)).toMatchObject({ outcome: 'postponed', lagSeconds: 15 })
  })

  test('counts a written version that is not in use', async () => {
    world.used = 'another'
    world.writtenAt = seconds(-100)
    expect(await publishTruststore(ports)).toMatchObject({ outcome: 'postponed', lagSeconds: 100 })
  })

  test('is none while a CA waits only to be taken out', async () => {
    world.cas = [caOf('A')]
    await publishTruststore(ports)
    world.cas = []
    world.now = seconds(10)
    expect(await publishTruststore(ports)).toMatchObject({ outcome: 'postponed', lagSeconds: 0 })
  })
})
