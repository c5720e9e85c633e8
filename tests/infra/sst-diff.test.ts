import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { bundleFunction } from './bundle-function.ts'
import { HANDLERS } from './handlers.ts'
import { withLoadBalancer } from './load-balancer-setting.ts'
import { applyEdit } from './mutated-copy.ts'
import { runSstDiff } from './sst-diff.ts'

test('the real sst diff takes the program, and its bundler makes the bytes whose size is measured', async () => {
  const diff = await runSstDiff('dev', (directory) => {
    applyEdit('with a load balancer', directory, withLoadBalancer())
  })
  expect(diff.code, diff.text).toBe(0)
  expect(diff.types).toContain('aws:apigatewayv2/domainName:DomainName')
  expect(diff.types).toContain('aws:dynamodb/table:Table')
  expect(diff.types).toContain('aws:lb/listener:Listener')
  expect(Object.keys(diff.bundles)).toEqual(Object.keys(HANDLERS))
  for (const [name, handler] of Object.entries(HANDLERS)) {
    expect(diff.bundles[name] === (await bundleFunction(handler)), name).toBe(true)
  }
}, 120_000)

test('a program that throws fails it', async () => {
  const diff = await runSstDiff('dev', (directory) => {
    const file = path.join(directory, 'infra/registry.ts')
    writeFileSync(file, `${readFileSync(file, 'utf8')}\nthrow new Error('out of order')\n`)
  })
  expect(diff.code).not.toBe(0)
  expect(diff.text).toContain('out of order')
}, 120_000)
