import { Readable } from 'node:stream'
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { Fault } from '@thingpass/core/fault'
import { describeFailure, serviceFailure } from '../service-failure.ts'

/** Where the truststore lies. */
export type TruststorePlace = {
  readonly client: S3Client
  readonly bucketName: string
  readonly truststoreKey: string
  readonly seedKey: string
}

/** Largest object that is read, in bytes: a truststore has less. */
const LARGEST_OBJECT = 4_000_000

/**
 * Makes the bucket of a truststore on S3. Its functions throw {Fault} UNEXPECTED when S3 refuses, fails, or keeps no versions.
 * Needs `s3:GetObject` on both objects, `s3:PutObject` on the truststore.
 */
export function createTruststoreBucket({
  client,
  bucketName,
  truststoreKey,
  seedKey,
}: TruststorePlace) {
  const get = async (Key: string) => {
    const answer = await client
      .send(new GetObjectCommand({ Bucket: bucketName, Key }))
      .catch((thrown: unknown) => fail('GetObject', thrown))
    const size = answer.ContentLength ?? Number.NaN
    if (!(size <= LARGEST_OBJECT)) {
      // An answer that nobody reads keeps its connection; a few of them, and there is none left for the next call.
      if (answer.Body instanceof Readable) answer.Body.destroy()
      throw new Fault('UNEXPECTED', `${Key} is too large to be read`)
    }
    const pem = await answer.Body?.transformToString().catch((thrown: unknown) =>
      fail('GetObject', thrown),
    )
    return { ...answer, pem: known(pem, 'content') }
  }
  return {
    readTruststore: async () => {
      const { pem, VersionId, ETag, LastModified } = await get(truststoreKey)
      return {
        pem,
        versionId: known(VersionId, 'version'),
        tag: known(ETag, 'tag'),
        writtenAt: known(LastModified, 'date'),
      }
    },
    readSeed: async () => (await get(seedKey)).pem,
    replace: async (tag: string, pem: string) => {
      const command = new PutObjectCommand({
        Bucket: bucketName,
        Key: truststoreKey,
        Body: pem,
        ContentType: 'application/x-pem-file',
        IfMatch: tag,
      })
      try {
        const { VersionId } = await client.send(command)
        return { versionId: known(VersionId, 'version') }
      } catch (thrown) {
        return LOST.has(serviceFailure(thrown).name) ? undefined : fail('PutObject', thrown)
      }
    },
  }
}

/** Another writer has been there, or is. Source: S3 User Guide, conditional writes. */
const LOST = new Set(['PreconditionFailed', 'ConditionalRequestConflict'])

function known<Value>(value: Value | undefined, what: string): Value {
  if (value !== undefined) return value
  throw new Fault('UNEXPECTED', `S3 gives no ${what} of the truststore`)
}

/** S3's message stays here. */
function fail(operation: string, thrown: unknown): never {
  if (thrown instanceof Fault) throw thrown
  throw new Fault('UNEXPECTED', `${operation} failed: ${describeFailure(serviceFailure(thrown))}`)
}
