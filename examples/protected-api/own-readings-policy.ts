/**
 * The IoT policy that lets a device call `GET /whoami`, and write and read the readings of its own thing: one policy for the whole fleet.
 * `api` is the API's `<api id>/<stage>`.
 */
export function ownReadingsPolicy(place: {
  readonly region: string
  readonly account: string
  readonly api: string
}): string {
  const { region, account, api } = place
  const routes = `arn:aws:execute-api:${region}:${account}:${api}`
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'execute-api:Invoke',
        Resource: [
          `${routes}/GET/whoami`,
          `${routes}/GET/readings/\${iot:Connection.Thing.ThingName}`,
          `${routes}/PUT/readings/\${iot:Connection.Thing.ThingName}`,
        ],
      },
    ],
  })
}
