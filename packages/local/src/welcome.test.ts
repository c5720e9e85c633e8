import { spawnSync } from 'node:child_process'
import { parseRegion } from '@thingpass/core/names'
import { given } from '@thingpass/core/testing/decision-example'
import { expect, test } from 'vitest'
import { curlLine, welcomeText } from './welcome.ts'

const FACTS = {
  region: given(parseRegion('eu-central-1')),
  url: 'https://localhost:8443',
  frontDoor: 'api-gateway' as const,
  stsUrl: 'http://127.0.0.1:4000',
  dynamodbUrl: 'http://127.0.0.1:5000',
  controlUrl: 'http://127.0.0.1:8080',
  dataDir: '/srv/things',
  hasDemoDevices: true,
}

test('the welcome names every address, where the certificate lies, and a line to paste', () => {
  const text = welcomeText(FACTS)
  const addresses = [FACTS.url, FACTS.stsUrl, FACTS.dynamodbUrl, FACTS.controlUrl, FACTS.dataDir]
  const certificate = '/srv/things/devices/camera-1/certificate.pem'
  for (const part of [...addresses, certificate, curlLine(FACTS)]) expect(text).toContain(part)
})

test('it shows the authorizer where there is one', () => {
  const line = curlLine(FACTS, '/whoami?roleAlias=demo-camera')
  expect(line).toMatch(/'https:\/\/localhost:8443\/whoami\?roleAlias=demo-camera'$/)
  expect(welcomeText(FACTS)).toContain(line)
  const text = welcomeText({ ...FACTS, frontDoor: 'load-balancer' })
  expect(text).not.toContain('whoami')
  expect(text).toContain('(mutual TLS, as behind a load balancer: no authorizer, no guarded APIs)')
})

test('with the STS of AWS it says so', () => {
  const { stsUrl: _, ...facts } = FACTS
  expect(welcomeText(facts)).toMatch(/^ {2}STS +AWS$/m)
})

test('without the demo devices it names no file that is not there', () => {
  expect(welcomeText({ ...FACTS, hasDemoDevices: false })).not.toMatch(/curl|certificate\.pem/)
})

test("the line survives a shell, whatever the data directory's name", () => {
  const dataDir = '/srv/it\'s a $(touch x) "dir"'
  const line = curlLine({ ...FACTS, dataDir }).replace(/^curl/, "printf '%s\\n'")
  const { stdout } = spawnSync('/bin/sh', ['-c', line], { encoding: 'utf8' })
  expect(stdout.trimEnd().split('\n')).toEqual([
    ...['--cacert', `${dataDir}/server/ca.pem`],
    ...['--cert', `${dataDir}/devices/camera-1/certificate.pem`],
    ...['--key', `${dataDir}/devices/camera-1/private.key`],
    ...['--header', 'x-amzn-iot-thingname: camera-1'],
    'https://localhost:8443/role-aliases/demo-camera/credentials',
  ])
})

test('operators are told how their tools reach it, in words a shell takes', () => {
  const dataDir = '/srv/my things'
  const text = welcomeText({ ...FACTS, dataDir })
  expect(text).toContain(
    "export AWS_SHARED_CREDENTIALS_FILE='/srv/my things/aws-credentials'\nexport AWS_REGION=eu-central-1 AWS_DEFAULT_REGION=eu-central-1\nexport AWS_ENDPOINT_URL_IOT=http://127.0.0.1:8080\n",
  )
})
