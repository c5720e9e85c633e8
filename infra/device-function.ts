import { accountId, partition } from './account.ts'
import { METRIC_NAMESPACE } from './metrics.ts'
import { registry } from './registry.ts'
import { settingsOf } from './settings.ts'

const { singleTenant } = settingsOf($app.stage)

/** What every function that meets devices is told; it answers for the one host name. */
export const deviceFunctionEnvironment = (hostName: string) => ({
  THINGPASS_TABLE: registry.name,
  THINGPASS_ACCOUNT_ID: accountId,
  THINGPASS_PARTITION: partition,
  THINGPASS_HOST_NAMES: hostName,
  THINGPASS_METRIC_NAMESPACE: METRIC_NAMESPACE,
  ...(singleTenant && { THINGPASS_SINGLE_TENANT: singleTenant }),
})

type Concurrency = { readonly provisioned?: number; readonly reserved?: number }

/** Instances that are kept warm, or held back, where that is set. */
export const concurrencyOf = ({ provisioned, reserved }: Concurrency) => ({
  ...(provisioned && { provisioned }),
  ...(reserved && { reserved }),
})
