import { join } from 'node:path'

/** An object gateway of the cluster. */
export type GatewayPlace = {
  /** The part after `client.`. */
  readonly name: string
  readonly port: number
  /** Shortest session that its STS gives. */
  readonly shortestSessionSeconds: number
}

/** Where the parts of a cluster are. */
export type ClusterPlaces = {
  readonly folder: string
  /** UUID. */
  readonly clusterId: string
  readonly monitorPort: number
  readonly gateways: readonly GatewayPlace[]
  /** 16 characters: the key that the gateways seal session tokens with. */
  readonly sessionTokenKey: string
}

type Section = readonly (readonly [setting: string, value: string | number | boolean])[]

/**
 * Writes the configuration of a cluster that lives in memory, on loopback, and for minutes: one monitor, one store, no copies.
 * Source: Ceph documentation, configuration reference (monitor, OSD, messenger, object gateway, STS).
 */
export function cephConf(places: ClusterPlaces): string {
  const { folder, gateways } = places
  const sections: [string, Section][] = [
    ['global', globalSection(places)],
    ['mon.a', [['mon data', join(folder, 'mon')]]],
    ['osd', storeSection(folder)],
    ...gateways.map((gateway): [string, Section] => [
      `client.${gateway.name}`,
      gatewaySection(places, gateway),
    ]),
  ]
  return sections.map(([name, section]) => `[${name}]\n${linesOf(section)}\n`).join('')
}

function linesOf(section: Section): string {
  return section.map(([setting, value]) => `${setting} = ${value}\n`).join('')
}

function globalSection({ folder, clusterId, monitorPort }: ClusterPlaces): Section {
  return [
    ['fsid', clusterId],
    ['mon host', `v2:127.0.0.1:${monitorPort}`],
    ['mon initial members', 'a'],
    ['public addr', '127.0.0.1'],
    ['cluster addr', '127.0.0.1'],
    ['run dir', folder],
    ['log file', join(folder, '$name.log')],
    ['pid file', join(folder, '$name.pid')],
    // A socket's path may have 107 characters, which a temporary directory can use up.
    ['admin socket', ''],
    // Nobody else is in this cluster; without `crc` the gateways still ask the monitor for encryption and fail.
    ...['cluster', 'service', 'client'].map((who) => [`auth ${who} required`, 'none'] as const),
    ...['client', 'cluster', 'service'].map((who) => [`ms mon ${who} mode`, 'crc'] as const),
    ['osd pool default size', 1],
    ['osd pool default min size', 1],
    ['osd pool default pg num', 2],
    ['osd pool default pgp num', 2],
    ['osd pool default pg autoscale mode', 'off'],
    ['osd crush chooseleaf type', 0],
    ['mon allow pool size one', true],
    ['mon max pg per osd', 1000],
    // A lone monitor has nobody to wait for; the defaults cost ten seconds of start.
    ['paxos propose interval', 0.02],
    ['paxos min wait', 0.01],
    ['mon tick interval', 1],
  ]
}

function storeSection(folder: string): Section {
  return [
    ['osd data', join(folder, 'osd')],
    ['osd objectstore', 'memstore'],
    ['memstore device bytes', 256 * 1024 * 1024],
  ]
}

function gatewaySection(
  { folder, sessionTokenKey }: ClusterPlaces,
  gateway: GatewayPlace,
): Section {
  return [
    ['rgw data', join(folder, gateway.name)],
    ['rgw frontends', `beast endpoint=127.0.0.1:${gateway.port} tcp_nodelay=1`],
    ['rgw s3 auth use sts', true],
    ['rgw sts key', sessionTokenKey],
    ['rgw sts min session duration', gateway.shortestSessionSeconds],
    ['rgw thread pool size', 16],
    ['rgw rados pool pg num min', 1],
    ['rgw run sync thread', false],
    ['rgw enable gc threads', false],
    ['rgw enable lc threads', false],
  ]
}
