import { settingsOf } from './settings.ts'

const { domain, hostPrefix, loadBalancer, region } = settingsOf($app.stage)

const hostNameOf = (prefix: string) => `${prefix}.credentials.iot.${region}.${domain}`

/** The host name that devices connect to. */
export const deviceHostName = hostNameOf(hostPrefix)

/** The host name of the second front door, where there is one. */
export const loadBalancerHostName = loadBalancer && hostNameOf(`${hostPrefix}-lb`)
