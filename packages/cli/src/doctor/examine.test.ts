import { createCa, issueCertificate } from '@thingpass/x509/testing/certificates'
import { expect, test } from 'vitest'
import type { OutgoingRequest, TlsMaterial } from '../http/exchange.ts'
import { type DoctorPorts, examine, type Patient } from './examine.ts'

const NOW = new Date('2026-06-01T12:00:00Z')
const device = issueCertificate(createCa())
const patient: Patient = {
  files: { certificatePem: device.pem, privateKeyPem: device.privateKeyPem, keyIsShared: false },
  origin: { protocol: 'https:', hostname: 'localhost', port: 8443 },
  ...{ ca: 'the CA', roleAlias: 'camera', thingName: 'cam-1' },
}
const answer = {
  credentials: {
    ...{ accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 's', sessionToken: 't' },
    expiration: '2026-06-01T13:00:00Z',
  },
}
const explanation = (changed: object) => async () =>
  ({ explanation: { decision: 'deny', ...changed } }) as never

async function run(changed: Partial<DoctorPorts> = {}, changedPatient: Partial<Patient> = {}) {
  const requests: OutgoingRequest[] = []
  const shown: TlsMaterial[] = []
  const findings = await examine(
    { ...patient, ...changedPatient },
    {
      resolve: async () => ({ ok: true, addresses: ['127.0.0.1', '::1'] }),
      tryTcp: async () => ({ ok: true }),
      tryTls: async (_, tls) => {
        shown.push(tls)
        return { ok: true, protocol: 'TLSv1.3', serverNotAfter: NOW }
      },
      tryCertificateRequest: async () => ({ ok: true, asked: true, authorities: 0 }),
      exchange: async (request) => {
        requests.push(request)
        const headers = { date: NOW.toUTCString() }
        return { ok: true, status: 200, headers, body: Buffer.from(JSON.stringify(answer)) }
      },
      clock: () => NOW,
      ...changed,
    },
  )
  const verdicts = findings.map(({ check, verdict }) => `${check} ${verdict}`)
  return { findings, verdicts, last: findings.at(-1), requests, shown }
}

const WELL = ['key ok', 'certificate ok', 'host name note', 'DNS ok', 'TCP ok', 'TLS ok']
const ANSWERED = ['credentials ok', 'clock ok', 'answer size ok', 'expiration ok']

test('a device that is well is examined from the inside out', async () => {
  const { verdicts, requests, shown } = await run()
  expect(verdicts).toEqual([...WELL, 'client certificate ok', ...ANSWERED])
  const tls = { cert: device.pem, key: device.privateKeyPem, ca: 'the CA' }
  expect(shown).toEqual([tls])
  expect(requests).toMatchObject([
    {
      target: '/role-aliases/camera/credentials',
      headers: { 'x-amzn-iot-thingname': 'cam-1' },
      tls,
    },
  ])
})

test('without thing and CA none is sent or trusted', async () => {
  const { thingName, ca, ...bare } = patient
  const { requests } = await run({}, { thingName: undefined, ca: undefined } as never)
  expect(bare).toBeDefined()
  expect(requests[0]?.headers).toEqual({})
  expect(requests[0]?.tls).not.toHaveProperty('ca')
})

test.each<[string, Partial<DoctorPorts>, string[]]>([
  ['the name', { resolve: async () => ({ ok: false, code: 'ENOTFOUND' }) }, ['DNS problem']],
  [
    'the port',
    { tryTcp: async () => ({ ok: false, code: 'ECONNREFUSED' }) },
    ['DNS ok', 'TCP problem'],
  ],
  [
    'the handshake',
    { tryTls: async () => ({ ok: false, code: 'EPROTO' }) },
    ['DNS ok', 'TCP ok', 'TLS problem', 'client certificate ok'],
  ],
  [
    'trust in the server',
    { tryTls: async () => ({ ok: true, protocol: 'p', distrust: 'CERT_HAS_EXPIRED' }) },
    ['DNS ok', 'TCP ok', 'TLS problem', 'client certificate ok'],
  ],
])(
  'what rests on %s is left out when it is broken, and nothing is asked',
  async (_, changed, rest) => {
    const { verdicts, requests } = await run(changed)
    expect(verdicts.slice(3)).toEqual(rest)
    expect(requests).toEqual([])
  },
)

test('a key that does not fit is not shown to anybody', async () => {
  const files = { ...patient.files, privateKeyPem: issueCertificate(createCa()).privateKeyPem }
  const { verdicts, requests, shown } = await run({}, { files })
  expect(verdicts[0]).toBe('key problem')
  expect(verdicts.at(-1)).toBe('credentials left out')
  expect({ requests, shown }).toEqual({ requests: [], shown: [{ ca: 'the CA' }] })
})

test('a certificate that has expired is tried all the same: the answer tells more', async () => {
  const old = issueCertificate(createCa(), { notAfter: new Date('2026-01-01T00:00:00Z') })
  const files = { certificatePem: old.pem, privateKeyPem: old.privateKeyPem, keyIsShared: false }
  const { verdicts, requests } = await run({}, { files })
  expect(verdicts[1]).toBe('certificate problem')
  expect(requests).toHaveLength(1)
})

test('without role alias no credentials are asked for', async () => {
  const { last, requests } = await run({}, { roleAlias: undefined } as never)
  expect(last).toMatchObject({ check: 'credentials', verdict: 'left out' })
  expect(requests).toEqual([])
})

test.each<[Partial<DoctorPorts>, string, string]>([
  [
    { tryCertificateRequest: async () => ({ ok: true, asked: false }) },
    ...(['problem', 'asks for none'] as const),
  ],
  [
    { tryCertificateRequest: async () => ({ ok: true, asked: true, authorities: 3 }) },
    ...(['note', 'names 3 CAs'] as const),
  ],
  [
    { tryCertificateRequest: async () => ({ ok: false, code: 'EPROTO' }) },
    ...(['left out', 'does not say'] as const),
  ],
])('whether a certificate is asked for, %#', async (changed, verdict, told) => {
  const { findings } = await run(changed)
  const finding = findings.find(({ check }) => check === 'client certificate')
  expect(finding).toMatchObject({ verdict, told: expect.stringContaining(told) })
})

test.each<[NonNullable<DoctorPorts['explain']>, string, string]>([
  [explanation({ decision: 'allow' }), 'ok', 'would allow'],
  [explanation({ reason: 'alias-unknown' }), 'problem', 'alias-unknown'],
  [explanation({ reason: 'new', detail: 'place' }), 'problem', 'new: place'],
  [async () => ({ unknown: 'no such certificate' }), 'problem', 'no such certificate'],
  [async () => ({ problem: 'nobody there' }), 'problem', 'nobody there'],
])('what the control plane would decide, %#', async (explain, verdict, told) => {
  const { last } = await run({ explain })
  expect(last).toMatchObject({ check: 'decision', verdict, told: expect.stringContaining(told) })
  expect(verdict === 'ok' || last?.advice !== undefined).toBe(true)
})

test('the control plane is asked even where the network is broken', async () => {
  const resolve = async () => ({ ok: false, code: 'ENOTFOUND' }) as const
  const { verdicts } = await run({ resolve, explain: explanation({ decision: 'allow' }) })
  expect(verdicts.slice(-2)).toEqual(['DNS problem', 'decision ok'])
})
