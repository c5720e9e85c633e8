import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2'
import { S3Client } from '@aws-sdk/client-s3'
import { type CallLimits, callSettings } from '../call-settings.ts'
import type { ClientOptions } from '../clients.ts'

/**
 * A publication makes five calls, three of them at once, within the function's 25 s: at worst 3 × 2 × 3500 ms.
 */
export const PUBLISHER_LIMITS: CallLimits = Object.freeze({
  connectionMs: 1000,
  requestMs: 3500,
  socketMs: 3500,
  maxAttempts: 2,
  maxSockets: 5,
  emptyAnswers: 'taken',
})

/** Makes the S3 client of the publisher. */
export const createS3Client = (options: ClientOptions, limits = PUBLISHER_LIMITS): S3Client =>
  new S3Client({
    ...options,
    ...callSettings(limits),
    forcePathStyle: options.endpoint !== undefined,
  })

/** Makes the API Gateway client of the publisher. An update that timed out may have been taken: it is not sent twice. */
export const createApiGatewayClient = (
  options: ClientOptions,
  limits = PUBLISHER_LIMITS,
): ApiGatewayV2Client =>
  new ApiGatewayV2Client({ ...options, ...callSettings(limits), maxAttempts: 1 })
