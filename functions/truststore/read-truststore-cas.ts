import type { CaCertificateId, TenantId } from '@thingpass/core/names'
import type { RegistryWrites } from '@thingpass/core/registry-writes'
import type { CaDescription } from '@thingpass/core/registry-writes/cas'
import type { PageInput, PageOf } from '@thingpass/core/registry-writes/page'
import { type CaFacts, readCaFacts, type TruststoreCa } from './truststore-ca.ts'

/** What is read of a registry. */
export type TruststoreRegistry = Pick<RegistryWrites, 'listTenants' | 'listCas' | 'getCa'>

const PAGE = 100
/** Reads under way at once. */
const AT_ONCE = 20

/**
 * Makes the reader of all CAs of a deployment whose devices are to reach it: active ones, and inactive ones too unless their tenant says that these
 * refuse devices. Tenants that are disabled keep theirs: they are told no, not cut off. Certificates are remembered by their id, which is their hash.
 * The function throws {Fault} as the registry does; a half list is never returned.
 */
export function createReadTruststoreCas(
  registry: TruststoreRegistry,
): () => Promise<readonly TruststoreCa[]> {
  const known = new Map<CaCertificateId, CaFacts | undefined>()
  const factsOf = async (tenantId: TenantId, caCertificateId: CaCertificateId) => {
    if (known.has(caCertificateId)) return known.get(caCertificateId)
    const { pem } = (await registry.getCa({ tenantId, caCertificateId })) ?? {}
    const facts = pem === undefined ? undefined : readCaFacts(pem)
    if (facts !== undefined) known.set(caCertificateId, facts)
    return facts
  }
  return async () => {
    const tenants = await readAll(registry.listTenants, ({ record }) => record.tenantId)
    const lists = await inTurns(tenants, async ({ record }) => {
      const list = (input: PageInput<CaCertificateId>) =>
        registry.listCas({ ...input, tenantId: record.tenantId })
      const cas = await readAll(list, (ca) => ca.record.caCertificateId)
      return cas.filter((ca) => ca.record.status === 'ACTIVE' || !record.inactiveCaRefusesDevices)
    })
    const cas = await inTurns(lists.flat(), async (ca) =>
      truststoreCaOf(ca, await factsOf(ca.record.tenantId, ca.record.caCertificateId)),
    )
    forgetOthers(known, cas)
    return cas
  }
}

const truststoreCaOf = (
  { record, createdAt, modifiedAt }: CaDescription,
  certificate: CaFacts | undefined,
): TruststoreCa => ({
  caCertificateId: record.caCertificateId,
  tenantId: record.tenantId,
  registeredAt: createdAt,
  modifiedAt,
  ...(certificate && { certificate }),
})

async function readAll<Item, Key extends string>(
  list: (input: PageInput<Key>) => Promise<PageOf<Item>>,
  keyOf: (item: Item) => Key,
): Promise<readonly Item[]> {
  const items: Item[] = []
  for (;;) {
    const last = items.at(-1)
    const page = await list({ limit: PAGE, ...(last === undefined ? {} : { after: keyOf(last) }) })
    items.push(...page.items)
    if (!page.more) return items
  }
}

async function inTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  for (let start = 0; start < items.length; start += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(work))))
  }
  return results
}

/** Memory holds what is registered, and nothing of what was. */
function forgetOthers(
  known: Map<CaCertificateId, CaFacts | undefined>,
  cas: readonly TruststoreCa[],
): void {
  const registered = new Set(cas.map(({ caCertificateId }) => caCertificateId))
  for (const id of known.keys()) if (!registered.has(id)) known.delete(id)
}
