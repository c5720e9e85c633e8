import { parseCaCertificateId, parseTenantId } from '@thingpass/core/names'
import { createCa } from '@thingpass/x509/testing/certificates'
import { expect, test } from 'vitest'
import { createTruststoreHandler, type TruststoreHandlerPorts } from './truststore.ts'
import { readCaFacts } from './truststore-ca.ts'

const NOON = new Date('2026-06-01T12:00:00Z')
const SEED = createCa({ subject: 'Seed' }).pem
const CA_PEM = createCa({ subject: 'A', notAfter: new Date('2026-07-01T11:59:59Z') }).pem
const ca = {
  caCertificateId: parseCaCertificateId('ca'.repeat(32))!,
  tenantId: parseTenantId('acme')!,
  registeredAt: NOON,
  modifiedAt: new Date(NOON.getTime() - 90_000),
  certificate: readCaFacts(CA_PEM)!,
}
const { certificate: _certificate, ...bare } = ca

function portsOf(changes: Partial<TruststoreHandlerPorts> = {}) {
  const lines: string[] = []
  const faults: string[] = []
  const ports: TruststoreHandlerPorts = {
    readCas: async () => [ca],
    clock: () => NOON,
    metricNamespace: 'Thingpass/dev',
    bucket: {
      readSeed: async () => SEED,
      readTruststore: async () => ({
        pem: SEED,
        versionId: 'v0',
        tag: 'tag',
        writtenAt: new Date(NOON.getTime() - 3_600_000),
      }),
      replace: async () => ({ versionId: 'v1' }),
    },
    domain: { read: async () => ({ versionId: 'v0', warnings: [] }), use: async () => undefined },
    writeLine: async (line) => {
      lines.push(line)
    },
    reportFault: ({ code, message }) => {
      faults.push(`${code} ${message}`)
    },
    ...changes,
  }
  return { ports, lines, faults }
}

test('a run leaves one line: what became of it, and its metrics', async () => {
  const { ports, lines } = portsOf({
    readCas: async () => [ca, { ...bare, caCertificateId: parseCaCertificateId('cb'.repeat(32))! }],
  })
  await createTruststoreHandler(ports)()
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      _aws: {
        Timestamp: NOON.getTime(),
        CloudWatchMetrics: [
          {
            Namespace: 'Thingpass/dev',
            Dimensions: [[]],
            Metrics: [
              { Name: 'TruststoreLagSeconds', Unit: 'Seconds' },
              { Name: 'TruststoreCertificates', Unit: 'Count' },
              { Name: 'TruststoreBytes', Unit: 'Bytes' },
              { Name: 'TruststoreCasRefused', Unit: 'Count' },
              { Name: 'TruststoreWarnings', Unit: 'Count' },
              { Name: 'TruststoreDaysToExpiry', Unit: 'None' },
            ],
          },
        ],
      },
      kind: 'truststore',
      outcome: 'published',
      refused: [
        { caCertificateId: 'cb'.repeat(32), tenantId: 'acme', reason: 'certificate-missing' },
      ],
      warnings: [],
      TruststoreLagSeconds: 0,
      TruststoreCertificates: 1,
      TruststoreBytes: CA_PEM.length,
      TruststoreCasRefused: 1,
      TruststoreWarnings: 0,
      TruststoreDaysToExpiry: 29,
    },
  ])
})

test('the expiry is that of the first CA to end', async () => {
  const later = {
    ...ca,
    caCertificateId: parseCaCertificateId('cb'.repeat(32))!,
    certificate: readCaFacts(createCa({ subject: 'B' }).pem)!,
  }
  const { ports, lines } = portsOf({ readCas: async () => [later, ca] })
  await createTruststoreHandler(ports)()
  expect(JSON.parse(String(lines[0]))).toMatchObject({
    TruststoreCertificates: 2,
    TruststoreDaysToExpiry: 29,
  })
})

test('without a CA, nothing is said of an expiry', async () => {
  const { ports, lines } = portsOf({ readCas: async () => [] })
  await createTruststoreHandler(ports)()
  expect(JSON.parse(String(lines[0]))).not.toHaveProperty('TruststoreDaysToExpiry')
  expect(lines[0]).not.toContain('Expiry')
})

test('a failed run fails, with its fault and what was planned; no certificate is in either', async () => {
  const { ports, lines, faults } = portsOf({
    domain: {
      read: async () => ({ versionId: 'v0', warnings: [] }),
      use: () => Promise.reject(new Error('secret')),
    },
  })
  await expect(createTruststoreHandler(ports)()).rejects.toMatchObject({ code: 'UNEXPECTED' })
  expect(faults).toEqual(['UNEXPECTED unforeseen failure'])
  expect(JSON.parse(String(lines[0]))).toMatchObject({
    outcome: 'failed',
    TruststoreLagSeconds: 90,
  })
  expect(lines.join()).not.toContain('BEGIN')
})

test('a run that fails before there is a plan has only its fault', async () => {
  const { ports, lines, faults } = portsOf({ readCas: () => Promise.reject(new Error('gone')) })
  await expect(createTruststoreHandler(ports)()).rejects.toMatchObject({ code: 'UNEXPECTED' })
  expect(lines).toEqual([])
  expect(faults).toHaveLength(1)
})
