import { describe, expect, test } from 'vitest'
import { baseUrlOf, parseTarget, type TargetOptions } from './target.ts'

const shown = (
  options: TargetOptions = {},
  environment: Readonly<Record<string, string | undefined>> = {},
) => {
  const target = parseTarget(options, environment)
  if ('problem' in target) return target.problem
  const { region, tenantId, localDataDir } = target
  return [baseUrlOf(target), region, tenantId, localDataDir]
}
const DEPLOYED = 'https://abc123.execute-api.eu-west-1.amazonaws.com/live'

describe('the target', () => {
  test('is the local control plane where nobody names one', () => {
    expect(shown()).toEqual(['http://127.0.0.1:8080', 'us-east-1', 'default', '.thingpass'])
  })

  test('of the command line wins over the environment, part by part', () => {
    const environment = {
      THINGPASS_ENDPOINT: 'http://localhost:1/x/',
      THINGPASS_TENANT: 'acme',
      THINGPASS_REGION: 'eu-north-1',
    }
    expect(shown({}, environment)).toEqual([
      ...['http://localhost:1/x/t/acme', 'eu-north-1', 'acme', '.thingpass'],
    ])
    expect(shown({ tenant: 'beta', dataDir: 'd' }, environment)).toEqual([
      ...['http://localhost:1/x/t/beta', 'eu-north-1', 'beta', 'd'],
    ])
    expect(
      shown({ endpoint: 'http://[::1]:2', tenant: 'default', region: 'us-west-2' }, environment),
    ).toEqual(['http://[::1]:2', 'us-west-2', 'default', '.thingpass'])
  })

  test('that is deployed has no local keys, its stage before the tenant, and the region of its name', () => {
    expect(
      shown({ endpoint: `${DEPLOYED}/`, tenant: 'acme' }, { AWS_REGION: 'us-west-2' }),
    ).toEqual([
      'https://abc123.execute-api.eu-west-1.amazonaws.com:443/live/t/acme',
      'eu-west-1',
      'acme',
      undefined,
    ])
  })

  test.each([
    [{ AWS_REGION: 'us-west-2', AWS_DEFAULT_REGION: 'us-west-1' }, 'us-west-2'],
    [{ AWS_DEFAULT_REGION: 'us-west-1' }, 'us-west-1'],
  ])('under a name of its own is in the region of %j', (environment, region) => {
    expect(shown({ endpoint: 'https://control.example.com' }, environment)[1]).toBe(region)
  })

  test('that is local does not follow the regions of AWS', () => {
    expect(shown({}, { AWS_REGION: 'us-west-2' })[1]).toBe('us-east-1')
  })

  test.each<[TargetOptions, string]>([
    [{ endpoint: 'control.example.com' }, '--endpoint takes'],
    [{ endpoint: 'ftp://control.example.com' }, '--endpoint takes'],
    [{ endpoint: `${DEPLOYED}?a=b` }, '--endpoint takes'],
    [{ endpoint: `${DEPLOYED}#a` }, '--endpoint takes'],
    [{ endpoint: 'https://user@control.example.com' }, '--endpoint takes'],
    [{ endpoint: 'https://:word@control.example.com' }, '--endpoint takes'],
    [{ endpoint: 'http://control.example.com' }, 'must be https'],
    [{ endpoint: 'http://127.0.0.1.example.com' }, 'must be https'],
    [{ endpoint: 'https://control.example.com' }, '--region'],
    [{ region: 'nowhere' }, '--region'],
    [{ tenant: 'Acme' }, '--tenant'],
    [{ tenant: '../x' }, '--tenant'],
  ])('is not made of %j', (options, problem) => {
    expect(shown(options)).toContain(problem)
  })
})
