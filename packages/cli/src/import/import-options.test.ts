import { expect, test } from 'vitest'
import { COLLECTIONS } from './fleet-record.ts'
import { parseImportFlags } from './import-options.ts'

const usual = {
  dryRun: false,
  copyCas: false,
  json: false,
  statePath: '.thingpass-import.jsonl',
  showRolePolicies: false,
  rolePolicyFiles: [],
  only: COLLECTIONS,
}

test.each([
  [{ fromAws: true }, { ...usual, from: { kind: 'aws', perSecond: 10 } }],
  [
    { fromAws: true, awsRegion: 'r', awsProfile: 'p', awsEndpoint: 'http://a', rate: '0.5' },
    {
      ...usual,
      from: { kind: 'aws', perSecond: 0.5, region: 'r', profile: 'p', endpoint: 'http://a' },
    },
  ],
  [{ fromFile: 'f' }, { ...usual, from: { kind: 'file', path: 'f' } }],
  [{ rolePolicyFile: ['f'] }, { ...usual, rolePolicyFiles: ['f'] }],
  [
    {
      fromFile: 'f',
      dryRun: true,
      copyCas: true,
      json: true,
      state: 's',
      toAccount: '123456789012',
    },
    {
      ...usual,
      ...{ dryRun: true, copyCas: true, json: true, statePath: 's', toAccount: '123456789012' },
      from: { kind: 'file', path: 'f' },
    },
  ],
])('%j is understood', (flags, options) => {
  expect(parseImportFlags(flags)).toEqual(options)
})

test('collections are written in their own order, whatever that of the flag', () => {
  expect(parseImportFlags({ fromAws: true, only: 'policies, things' })).toMatchObject({
    only: ['things', 'policies'],
  })
})

test.each([
  [{}, 'what to import'],
  [{ fromAws: true, fromFile: 'f' }, 'not both'],
  [{ fromFile: 'f', showRolePolicies: true }, '--from-aws'],
  [{ rolePolicyFile: ['f'], showRolePolicies: true }, 'what to import'],
  [{ fromAws: true, rate: '0' }, '--rate'],
  [{ fromAws: true, rate: 'many' }, '--rate'],
  [{ fromAws: true, rate: 'Infinity' }, '--rate'],
  [{ fromAws: true, awsEndpoint: 'x' }, '--aws-endpoint'],
  [{ fromAws: true, only: 'things,devices' }, '--only'],
  [{ fromAws: true, only: '' }, '--only'],
  [{ fromAws: true, toAccount: '1234' }, '--to-account'],
])('%j is not: %s', (flags, problem) => {
  expect(parseImportFlags(flags)).toEqual({ problem: expect.stringContaining(problem) })
})
