import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import type { StaticCredentials } from '@thingpass/aws/clients'

/** Makes an S3 client of the object gateway; buckets stand in the path, because nothing resolves names for them. */
export function createS3Client(endpoint: string, credentials: StaticCredentials): S3Client {
  return new S3Client({
    ...{ endpoint, credentials, region: 'us-east-1' },
    forcePathStyle: true,
    maxAttempts: 1,
  })
}

/** Makes a bucket as its owner. */
export async function createBucket(
  { url, owner }: { readonly url: string; readonly owner: StaticCredentials },
  bucket: string,
): Promise<void> {
  const client = createS3Client(url, owner)
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  client.destroy()
}

/** As much as is looked at of an answer. */
type Answer = {
  readonly $metadata: { readonly httpStatusCode?: number | undefined }
  /** Holds its connection until it is read. */
  readonly Body?: { readonly transformToByteArray: () => Promise<Uint8Array> } | undefined
}

/**
 * The HTTP status of an answer of the gateway, read whole. The gateway's STS words its errors as S3 does, so that names tell nothing.
 * @throws what was thrown when there was no answer: a gateway that died has refused nobody
 */
export async function statusOf(sent: Promise<Answer>): Promise<number> {
  const { $metadata, Body } = await sent.catch(refusalOrThrow)
  await Body?.transformToByteArray()
  if ($metadata.httpStatusCode === undefined) throw new Error('an answer has no status')
  return $metadata.httpStatusCode
}

function refusalOrThrow(thrown: unknown): Answer {
  const { $metadata } = thrown as Partial<Answer>
  if ($metadata?.httpStatusCode === undefined) throw thrown
  return { $metadata }
}
