import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { curlLine, welcomeText } from './welcome.ts'

const FACTS = {
  url: 'https://localhost:8443',
  stsUrl: 'http://127.0.0.1:4000',
  dynamodbUrl: 'http://127.0.0.1:5000',
  dataDir: '/srv/things',
  hasDemoDevices: true,
}

test('the welcome names every address, where the certificate lies, and a line to paste', () => {
  const text = welcomeText(FACTS)
  const addresses = [FACTS.url, FACTS.stsUrl, FACTS.dynamodbUrl, FACTS.dataDir]
  const certificate = '/srv/things/devices/camera-1/certificate.pem'
  for (const part of [...addresses, certificate, curlLine(FACTS)]) expect(text).toContain(part)
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
