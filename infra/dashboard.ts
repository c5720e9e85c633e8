/*
 * In the account: a dashboard.
 * May: whom IAM of the account lets, look at it.
 */

import { region } from './account.ts'
import { authorizerHandler } from './authorizer.ts'
import { control } from './control.ts'
import { credentials } from './credentials.ts'
import {
  loadBalancerGraph,
  PROTECTED_ROUTES,
  REQUESTS,
  resourceGraphs,
  TRUSTSTORE,
} from './dashboard-graphs.ts'
import { loadBalancer } from './load-balancer.ts'
import { nameOf } from './names.ts'
import { registry } from './registry.ts'
import { publisher } from './truststore-publisher.ts'
import { whoami } from './whoami.ts'

const WIDTH = 12
const HEIGHT = 6

const functions = [
  credentials,
  ...(loadBalancer ? [loadBalancer.handler] : []),
  authorizerHandler,
  whoami,
  control,
  publisher,
].map(({ name }) => name)

/** What an operator looks at first: graphs, two abreast. */
new aws.cloudwatch.Dashboard('Dashboard', {
  dashboardName: nameOf('overview'),
  dashboardBody: $resolve({
    inRegion: region,
    table: registry.name,
    names: $resolve(functions),
    balancer: loadBalancer?.balancer.arnSuffix,
  }).apply(({ inRegion, table, names, balancer }) =>
    JSON.stringify({
      widgets: [
        ...REQUESTS,
        ...(balancer === undefined ? [] : [loadBalancerGraph(balancer)]),
        ...PROTECTED_ROUTES,
        TRUSTSTORE,
        ...resourceGraphs(names, table),
      ].map(({ title, metrics, stat }, index) => ({
        type: 'metric',
        x: (index % 2) * WIDTH,
        y: Math.floor(index / 2) * HEIGHT,
        width: WIDTH,
        height: HEIGHT,
        properties: { title, metrics, region: inRegion, period: 60, ...(stat && { stat }) },
      })),
    }),
  ),
})
