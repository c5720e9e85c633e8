/*
 * In the account: a dashboard.
 * May: whom IAM of the account lets, look at it.
 */

import { region } from './account.ts'
import { authorizerHandler } from './authorizer.ts'
import { control } from './control.ts'
import { credentials } from './credentials.ts'
import { PROTECTED_ROUTES, REQUESTS, resourceGraphs, TRUSTSTORE } from './dashboard-graphs.ts'
import { loadBalancer } from './load-balancer.ts'
import { nameOf } from './names.ts'
import { registry } from './registry.ts'
import { publisher } from './truststore-publisher.ts'
import { whoami } from './whoami.ts'

const WIDTH = 12
const HEIGHT = 6

/** What an operator looks at first: graphs, two abreast. */
new aws.cloudwatch.Dashboard('Dashboard', {
  dashboardName: nameOf('overview'),
  dashboardBody: $resolve([
    region,
    registry.name,
    credentials.name,
    ...(loadBalancer ? [loadBalancer.handler.name] : []),
    authorizerHandler.name,
    whoami.name,
    control.name,
    publisher.name,
  ]).apply(([inRegion, table, ...functions]) =>
    JSON.stringify({
      widgets: [
        ...REQUESTS,
        ...PROTECTED_ROUTES,
        TRUSTSTORE,
        ...resourceGraphs(functions, table),
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
