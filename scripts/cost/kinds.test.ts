import { expect, test } from 'vitest'
import { runOffline } from '../../tests/infra/run-offline.ts'
import { unpricedKinds } from './kinds.ts'

test('of what is deployed, the price of nothing is forgotten', async () => {
  const [result] = await runOffline([{ id: 'production', stage: 'production' }])
  if (result?.ok !== true) throw new Error(result?.error)
  expect(unpricedKinds(result.state.resources.map(({ type }) => type))).toEqual([])
}, 60_000)

test('a kind that nobody priced is named once', () => {
  const kinds = ['aws:ec2/natGateway:NatGateway', 'aws:ec2/natGateway:NatGateway', 'sst:aws:Dynamo']
  expect(unpricedKinds(kinds)).toEqual(['aws:ec2/natGateway:NatGateway'])
})
