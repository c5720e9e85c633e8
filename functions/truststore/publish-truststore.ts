import { planTruststore, type TruststorePlan } from './plan-truststore.ts'
import type { StoredTruststore, TruststorePorts } from './truststore-ports.ts'

/** How a publication ended. */
export type Publication = {
  /** `postponed`: the domain was updated a moment ago, or another writer is at it. */
  readonly outcome: 'unchanged' | 'published' | 'postponed'
  readonly plan: TruststorePlan
  /** What API Gateway finds wrong with the version in use. */
  readonly warnings: readonly string[]
  /** How long the longest waiting CA has waited, in seconds; 0 when the plan is in use. */
  readonly lagSeconds: number
}

/** API Gateway takes one update of a domain per account in 30 s. Source: API Gateway quotas, UpdateDomainName. */
const UPDATE_PAUSE_MS = 30_000
/** A version that was written and is not in use was refused, or its publisher died: it is tried again, in peace. */
const RETRY_PAUSE_MS = 300_000

/**
 * Publishes the registered CAs, if what is in use differs. Every update of the domain is preceded by a write of the object, and a write is refused
 * when another came between or the last is younger than the pause: so updates are one after another, whoever calls, without a lock that
 * could be left behind. Whatever fails before the domain has the new version leaves the last good one in use.
 * @throws {Fault} as the ports do
 */
export async function publishTruststore(
  ports: TruststorePorts,
  onPlan: (state: Omit<Publication, 'outcome'>) => void = () => undefined,
): Promise<Publication> {
  const { bucket, domain, clock } = ports
  const [cas, stored, seedPem, used] = await Promise.all([
    ports.readCas(),
    bucket.readTruststore(),
    bucket.readSeed(),
    domain.read(),
  ])
  const now = clock()
  const plan = planTruststore({ cas, seedPem, now })
  const storedIsUsed = used.versionId === stored.versionId
  const { warnings } = used
  if (storedIsUsed && stored.pem === plan.pem) {
    return { outcome: 'unchanged', plan, warnings, lagSeconds: 0 }
  }
  const lagSeconds = lagOf(plan, stored, { now, storedIsUsed })
  onPlan({ plan, warnings, lagSeconds })
  const pause = stored.pem === plan.pem ? RETRY_PAUSE_MS : UPDATE_PAUSE_MS
  const hasPaused = now.getTime() - stored.writtenAt.getTime() >= pause // an unreadable date has not
  const written = hasPaused ? await bucket.replace(stored.tag, plan.pem) : undefined
  if (written === undefined) return { outcome: 'postponed', plan, warnings, lagSeconds }
  await domain.use(written.versionId)
  return { outcome: 'published', plan, warnings: [], lagSeconds: 0 }
}

const AFTER_CERTIFICATE = /(?<=-----END CERTIFICATE-----\n)/

function lagOf(
  plan: TruststorePlan,
  stored: StoredTruststore,
  { now, storedIsUsed }: { readonly now: Date; readonly storedIsUsed: boolean },
): number {
  const present = new Set(stored.pem.split(AFTER_CERTIFICATE))
  const waiting = plan.cas
    .filter(({ certificate }) => !present.has(certificate.pem))
    .map(({ modifiedAt }) => modifiedAt)
  const since = [...waiting, ...(storedIsUsed ? [] : [stored.writtenAt])]
  const ages = since.map((instant) => (now.getTime() - instant.getTime()) / 1000)
  return Math.max(0, ...ages)
}
