import type { TruststoreCa } from './truststore-ca.ts'

/** A truststore as it lies in the bucket. */
export type StoredTruststore = {
  readonly pem: string
  readonly versionId: string
  /** Names this content and write to a writer that means to replace it. */
  readonly tag: string
  readonly writtenAt: Date
}

/** The bucket. */
export type TruststoreBucket = {
  readonly readTruststore: () => Promise<StoredTruststore>
  /** What the deployment put there for the time without a CA. */
  readonly readSeed: () => Promise<string>
  /** Replaces what has this tag; undefined when another writer came first, and nothing is written. */
  readonly replace: (
    tag: string,
    pem: string,
  ) => Promise<{ readonly versionId: string } | undefined>
}

/** The domain that devices connect to. */
export type DeviceDomain = {
  /** Which version it lets devices in by, and what API Gateway found wrong with it. */
  readonly read: () => Promise<{
    readonly versionId: string | undefined
    readonly warnings: readonly string[]
  }>
  /** Asks for another version. API Gateway validates it first and keeps the one it has when it is refused. */
  readonly use: (versionId: string) => Promise<void>
}

/** What a publication needs. */
export type TruststorePorts = {
  readonly readCas: () => Promise<readonly TruststoreCa[]>
  readonly bucket: TruststoreBucket
  readonly domain: DeviceDomain
  readonly clock: () => Date
}
