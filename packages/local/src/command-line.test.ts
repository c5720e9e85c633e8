import { describe, expect, test } from 'vitest'
import { HELP, parseCommandLine, type Settings } from './command-line.ts'

const DEFAULTS = {
  port: 8443,
  controlPort: 8080,
  frontDoor: 'api-gateway',
  authorizer: { format: 'http-simple', attributeNames: [] },
  dataDir: '.thingpass',
  account: '123456789012',
  region: 'us-east-1',
  reset: false,
  sts: 'local',
  allowRoles: [],
  quiet: false,
}
const ROLE = 'arn:aws:iam::123456789012:role/device-*'

test('without flags it starts with the defaults', () => {
  const parsed = parseCommandLine([])
  expect(parsed.kind === 'start' && 'dynamodb' in parsed.settings).toBe(false)
  expect(parseCommandLine([])).toEqual({ kind: 'start', settings: DEFAULTS })
})

const accepted: [args: string[], change: Partial<Record<keyof Settings, unknown>>][] = [
  [['--port', '443'], { port: 443 }],
  [['--port=0'], { port: 0, controlPort: 0 }],
  [['--port=0', '--control-port', '9090'], { port: 0, controlPort: 9090 }],
  [['--control-port', '0'], { controlPort: 0 }],
  [['--port', '65535'], { port: 65_535 }],
  [['--front-door', 'load-balancer'], { frontDoor: 'load-balancer' }],
  [['--front-door', 'api-gateway'], {}],
  [['--authorizer-format', 'rest'], { authorizer: { format: 'rest', attributeNames: [] } }],
  [
    ['--authorizer-attribute', 'site', '--authorizer-attribute', 'floor:1'],
    { authorizer: { format: 'http-simple', attributeNames: ['site', 'floor:1'] } },
  ],
  [['--data-dir', '/srv/things'], { dataDir: '/srv/things' }],
  [['--account', '000000000001'], { account: '000000000001' }],
  [['--region', 'eu-central-1'], { region: 'eu-central-1' }],
  [['--reset'], { reset: true }],
  [['--sts', 'local'], {}],
  [['--sts', 'aws', '--allow-role', ROLE], { sts: 'aws', allowRoles: [ROLE] }],
  [['--allow-role', ROLE, '--allow-role', `${ROLE}x`], { allowRoles: [ROLE, `${ROLE}x`] }],
  [['--dynamodb', 'http://127.0.0.1:8000'], { dynamodb: 'http://127.0.0.1:8000/' }],
  [['--quiet'], { quiet: true }],
]
test.each(accepted)('%j is understood', (args, change) => {
  expect(parseCommandLine(args)).toEqual({ kind: 'start', settings: { ...DEFAULTS, ...change } })
})

describe('a bad flag', () => {
  const refused: [args: string[], about: RegExp][] = [
    [['--prot', '1'], /^Unknown option '--prot' \(--help lists the flags\)$/],
    [['stray'], /^Unexpected argument 'stray'/],
    [['--port'], /^Option '--port <value>' argument missing/],
    [['--reset=yes'], /^Option '--reset' does not take an argument/],
    [['--port', '65536'], /^--port must be/],
    [['--port', '-1'], /--port/],
    [['--port', '80x'], /^--port must be/],
    [['--port', ''], /^--port must be/],
    [['--port', '0x50'], /^--port must be/],
    [['--port', '80 '], /^--port must be/],
    [['--port', '123456'], /^--port must be/],
    [['--control-port', '65536'], /^--control-port must be/],
    [['--front-door', 'alb'], /^--front-door must be api-gateway or load-balancer$/],
    [['--front-door', ''], /^--front-door must be/],
    [['--authorizer-format', 'simple'], /^--authorizer-format must be/],
    [['--authorizer-attribute', 'a b'], /^--authorizer-attribute must be/],
    [['--authorizer-attribute', ''], /^--authorizer-attribute must be/],
    [['--data-dir', ''], /^--data-dir must/],
    [['--account', '1234'], /^--account must be/],
    [['--account', '12345678901x'], /^--account must be/],
    [['--region', 'mars'], /^--region must be/],
    [['--sts', 'moto'], /^--sts must be/],
    [['--sts', 'aws'], /^--sts aws needs --allow-role PATTERN$/],
    [['--sts', 'aws', '--allow-role', '*'], /^--allow-role must be a role ARN/],
    [['--allow-role', 'arn:aws:iam::123456789012:user/x'], /^--allow-role must be a role ARN/],
    [['--dynamodb', 'localhost:8000'], /^--dynamodb must be/],
    [['--dynamodb', 'ftp://localhost'], /^--dynamodb must be/],
    [['--dynamodb', 'http://user:secret@localhost'], /^--dynamodb must be/],
    [['--dynamodb', 'http://localhost/?x=1'], /^--dynamodb must be/],
    [['--dynamodb', ''], /^--dynamodb must be/],
  ]
  test.each(refused)('%j gets one clear line', (args, about) => {
    const parsed = parseCommandLine(args)
    expect(parsed).toEqual({ kind: 'problem', problem: expect.stringMatching(about) })
    expect(JSON.stringify(parsed)).not.toMatch(/\\n|secret/)
  })
})

test('help is help, whatever stands beside it', () => {
  expect(parseCommandLine(['--port', '80', '--help'])).toEqual({ kind: 'help' })
})

test('help names every flag', () => {
  const flags = [
    'port',
    'front-door',
    'data-dir',
    'account',
    'region',
    'reset',
    'sts',
    'allow-role',
  ]
  for (const flag of [
    ...flags,
    'authorizer-format',
    'authorizer-attribute',
    'dynamodb',
    'quiet',
    'help',
  ])
    expect(HELP).toContain(`--${flag} `)
})
