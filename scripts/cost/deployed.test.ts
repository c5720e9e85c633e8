import { expect, test } from 'vitest'
import type { ProgramState } from '../../tests/infra/program-state.ts'
import { countDeployed } from './deployed.ts'

const resource = (type: string, inputs: object = {}) => ({ type, name: type, inputs })
const program = (...changed: readonly object[]) =>
  ({
    resources: [
      resource('aws:lambda/function:Function', {
        name: 'thingpass-dev-credentials',
        memorySize: 512,
      }),
      resource('aws:lambda/function:Function', {
        name: 'thingpass-dev-truststore',
        memorySize: 256,
      }),
      resource('aws:scheduler/schedule:Schedule', { scheduleExpression: 'rate(1 minute)' }),
      resource('aws:cloudwatch/metricAlarm:MetricAlarm'),
      resource('aws:cloudwatch/metricAlarm:MetricAlarm'),
      ...changed,
    ],
  }) as unknown as ProgramState

test('what is charged for is counted in the program', () => {
  const kept = resource('aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig', {
    provisionedConcurrentExecutions: 3,
  })
  expect(countDeployed(program(kept, resource('aws:kms/key:Key')))).toMatchObject({
    alarms: 2,
    kmsKeys: 1,
    loadBalancers: 0,
    credentialsMb: 512,
    publisherMb: 256,
    provisionedMb: 3 * 512,
    publisherRunsPerMinute: 1,
  })
})

test.each([
  ['function', 'aws:lambda/function:Function'],
  ['schedule', 'aws:scheduler/schedule:Schedule'],
])('a program without its %s is not priced', (_what, type) => {
  const { resources, ...rest } = program()
  const without = { ...rest, resources: resources.filter((one) => one.type !== type) }
  expect(() => countDeployed(without as ProgramState)).toThrow()
})
