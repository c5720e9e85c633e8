import type {
  GuardedEvent,
  GuardedRoute,
} from '../../packages/local/src/authorizer/guard-routes.ts'

/** The most that one reading may have, in characters. */
const LONGEST_READING = 1024

/**
 * An API of a user's own, as Lambda functions behind an HTTP API: a device keeps its last reading and reads it back. The authorizer and the
 * device's policy have settled who may call which path; the API keeps by the identity that it is told, never by what a caller writes.
 */
export function createReadingsApi(): readonly GuardedRoute[] {
  const readings = new Map<string, string>()
  return [
    {
      routeKey: 'PUT /readings/{thing}',
      handler: async (event) => {
        const { body = '', isBase64Encoded } = event
        const reading = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body
        const fits = reading.length > 0 && reading.length <= LONGEST_READING
        if (!fits)
          return { statusCode: 400, body: '{"message":"A reading has 1 to 1024 characters"}' }
        readings.set(ownerOf(event), reading)
        return { statusCode: 204 }
      },
    },
    {
      routeKey: 'GET /readings/{thing}',
      handler: async (event) => {
        const reading = readings.get(ownerOf(event))
        return reading === undefined
          ? { statusCode: 404, body: '{"message":"No reading yet"}' }
          : { statusCode: 200, body: JSON.stringify({ reading }) }
      },
    },
  ]
}

/** Things of two tenants may have one name. */
function ownerOf({ requestContext }: GuardedEvent): string {
  const { tenantId, thingName } = requestContext.authorizer.lambda
  return JSON.stringify([tenantId, thingName])
}
