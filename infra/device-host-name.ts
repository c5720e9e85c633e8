import { settingsOf } from './settings.ts'

const { domain, hostPrefix, region } = settingsOf($app.stage)

/** The host name that devices connect to. */
export const deviceHostName = `${hostPrefix}.credentials.iot.${region}.${domain}`
