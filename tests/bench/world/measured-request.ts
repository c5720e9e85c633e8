import { SHOWN_DEVICE } from '@thingpass/local/demo-fleet/fleet'

/** The one request that everything is measured with. */
export const REQUEST = {
  host: 'localhost',
  path: `/role-aliases/${SHOWN_DEVICE.roleAlias}/credentials`,
  headers: { 'x-amzn-iot-thingname': SHOWN_DEVICE.thingName },
} as const
