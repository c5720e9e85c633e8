import { describe, expect, test } from 'vitest'
import { parseCommandLine } from './command-line.ts'

const parse = (line: string) => parseCommandLine(line.split(' ').filter(Boolean))
const settingsOf = (line: string) => {
  const parsed = parse(line)
  if (parsed.kind !== 'run') throw new Error(JSON.stringify(parsed))
  return parsed.settings
}

const ALL = ['boot', 'steady', 'storm', 'noisy-tenant', 'bad-devices']
const ROLE = 'arn:aws:iam::123456789012:role/load'
const REMOTE = '--scenario boot --url https://example.com --i-own-this-endpoint --fleet f'

test('a scenario alone gets a local stack, a hundred devices, and half a minute', () => {
  expect(settingsOf('--scenario boot')).toEqual({
    ...{ scenarios: ['boot'], devices: 100, perSecond: 40, seconds: 30 },
    ...{ outDirectory: 'reports/load', keepFleet: false },
  })
})

test('all scenarios run in their order, and each once', () => {
  expect(settingsOf('--scenario all').scenarios).toEqual(ALL)
  expect(settingsOf('--scenario storm --scenario boot --scenario storm').scenarios).toEqual([
    'boot',
    'storm',
  ])
  expect(settingsOf('--scenario boot --scenario all').scenarios).toEqual(ALL)
})

test('a short run is of four seconds and half the rate, unless others are given', () => {
  expect(settingsOf('--scenario boot --short')).toMatchObject({ seconds: 4, perSecond: 20 })
  const given = '--scenario boot --short --duration 9 --rate 3'
  expect(settingsOf(given)).toMatchObject({ seconds: 9, perSecond: 3 })
})

test('devices, rate, duration and folders are taken as given', () => {
  const line = '--scenario boot --devices 7 --rate 2.5 --duration 60 --out o --fleet f --keep-fleet'
  expect(settingsOf(line)).toMatchObject({
    ...{ devices: 7, perSecond: 2.5, seconds: 60 },
    ...{ outDirectory: 'o', fleetDirectory: 'f', keepFleet: true },
  })
})

test('help is help, whatever else is wrong', () => {
  expect(parse('--help')).toEqual({ kind: 'help' })
})

const wrong: [line: string, problem: string][] = [
  ['', '--scenario is needed'],
  ['--scenario flood', '--scenario flood is unknown'],
  ['--scenario boot --devices 0', '--devices'],
  ['--scenario boot --devices 1.5', '--devices'],
  ['--scenario boot --devices 10001', '--devices'],
  ['--scenario boot --devices many', '--devices'],
  ['--scenario boot --rate 0', '--rate'],
  ['--scenario boot --rate=-1', '--rate'],
  ['--scenario boot --rate 1001', '--rate'],
  ['--scenario boot --rate Infinity', '--rate'],
  ['--scenario boot --duration 0', '--duration'],
  ['--scenario boot --duration 1.5', '--duration'],
  ['--scenario boot --duration 3601', '--duration'],
  ['--scenario boot --rate 1000 --duration 201', '--rate times --duration'],
  ['--scenario boot --flood', 'Unknown option'],
  ['boot', 'Unexpected argument'],
  ['--scenario boot --control http://127.0.0.1:1', '--control is of use with --url only'],
  [`--scenario boot --role ${ROLE}`, '--role is of use with --url only'],
  ['--scenario boot --server-ca x', '--server-ca is of use with --url only'],
  ['--scenario boot --url https://example.com --fleet f --rate 1', '--url: is not on this machine'],
  ['--scenario boot --url http://localhost --fleet f', '--url: not a URL'],
  ['--scenario boot --url https://localhost', '--url needs --fleet'],
  [
    '--scenario boot --url https://localhost --fleet f --control http://10.0.0.1',
    '--control: is not',
  ],
  ['--scenario boot --url https://localhost --fleet f --control http://127.0.0.1', '--role'],
]
test.each(wrong)('%j is refused: %s', (line, problem) => {
  expect(parse(line)).toEqual({ kind: 'problem', problem: expect.stringContaining(problem) })
})

describe('an endpoint elsewhere', () => {
  test('is taken with its owner’s word and a rate', () => {
    const { endpoint, perSecond } = settingsOf(`${REMOTE} --rate 10`)
    expect(endpoint).toMatchObject({ isLocal: false })
    expect(endpoint?.url.href).toBe('https://example.com/')
    expect(perSecond).toBe(10)
  })

  test.each([
    ['', '--rate has to be given'],
    ['--rate 51', 'at most'],
    ['--rate 10 --duration 601', 'at most'],
    ['--rate 10 --devices 2001', 'at most'],
  ])('is not loaded with %j', (more, problem) => {
    expect(parse(`${REMOTE} ${more}`)).toEqual({
      kind: 'problem',
      problem: expect.stringContaining(problem),
    })
  })
})

test('an endpoint on this machine needs no word and no rate', () => {
  const { endpoint } = settingsOf('--scenario boot --url https://127.0.0.1:8443 --fleet f')
  expect(endpoint).toMatchObject({ isLocal: true })
  expect(endpoint?.control).toBeUndefined()
})

test('a control plane comes with a role, and with a region of the line, the environment, or the usual one', () => {
  const line = `--scenario boot --url https://localhost --fleet f --control http://127.0.0.1:8080 --role ${ROLE}`
  const regionOf = (more: string, usual?: string) => {
    const parsed = parseCommandLine(`${line} ${more}`.split(' ').filter(Boolean), usual)
    return parsed.kind === 'run' ? parsed.settings.endpoint?.control?.region : parsed
  }
  expect(regionOf('')).toBe('us-east-1')
  expect(regionOf('', 'eu-west-1')).toBe('eu-west-1')
  expect(regionOf('--region eu-central-1', 'eu-west-1')).toBe('eu-central-1')
})
