/// <reference path="./.sst/platform/config.d.ts" />

/** One stage is one deployment. What exists is said in `infra/`, in this order; what can be set, in `infra/settings.ts`. */
export default $config({
  async app({ stage }) {
    const { settingsOf } = await import('./infra/settings.ts')
    const { region, isProduction } = settingsOf(stage)
    return {
      name: 'thingpass',
      // State lies in the account. Offline checks have none: there it lies in a scratch folder.
      home: process.env.THINGPASS_OFFLINE === '1' ? 'local' : 'aws',
      removal: isProduction ? 'retain' : 'remove',
      protect: isProduction,
      providers: { aws: { region } },
    }
  },
  async run() {
    await import('./infra/function-defaults.ts') // first: a transform reaches only what is made after it
    const { registry } = await import('./infra/registry.ts')
    const { truststoreUri } = await import('./infra/truststore.ts')
    const { deviceApi, deviceHostName } = await import('./infra/device-api.ts')
    const { credentialsRole } = await import('./infra/credentials.ts')
    const { controlApi } = await import('./infra/control-api.ts')
    await import('./infra/protected-routes.ts')
    const { loadBalancer } = await import('./infra/load-balancer.ts')
    await import('./infra/truststore-publisher.ts')
    await import('./infra/alarms.ts')
    await import('./infra/dashboard.ts')
    return {
      credentialsEndpoint: $interpolate`https://${deviceHostName}`,
      controlEndpoint: controlApi.url,
      /** Begins the ARNs of protected routes; method and path follow. */
      protectedRoutes: $interpolate`${deviceApi.nodes.api.executionArn}/$default/`,
      table: registry.name,
      truststore: truststoreUri,
      /** Whom the trust policies of the roles behind role aliases name. */
      brokerRole: credentialsRole.arn,
      ...(loadBalancer && {
        loadBalancerEndpoint: `https://${loadBalancer.hostName}`,
        /** They name this one beside the other. */
        loadBalancerBrokerRole: loadBalancer.role.arn,
      }),
    }
  },
})
