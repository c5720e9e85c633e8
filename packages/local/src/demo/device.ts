import { readFile } from 'node:fs/promises'
import { Agent, request } from 'node:https'
import { PKI_FILES } from '../pki/local-pki.ts'

/** An answer of the device endpoint. */
export type DeviceAnswer = {
  readonly status: number
  readonly body: string
  /** Whether it came over a connection that was open before. */
  readonly reusedConnection: boolean
}

/** A device: one certificate, and one connection that it keeps. */
export type Device = {
  readonly askFor: (roleAlias: string, thingName: string) => Promise<DeviceAnswer>
  readonly close: () => void
}

/** Takes a demo device's key, certificate and trusted CA from a data directory, as a device would from its flash memory. */
export async function openDevice(
  url: string,
  dataDir: string,
  ownThingName: string,
): Promise<Device> {
  const [cert, key, ca] = await Promise.all([
    readFile(PKI_FILES.deviceCertificate(dataDir, ownThingName)),
    readFile(PKI_FILES.devicePrivateKey(dataDir, ownThingName)),
    readFile(PKI_FILES.serverCa(dataDir)),
  ])
  const agent = new Agent({ keepAlive: true, maxSockets: 1, cert, key, ca })
  return {
    askFor: (roleAlias, thingName) =>
      get(`${url}/role-aliases/${roleAlias}/credentials`, agent, thingName),
    close: () => agent.destroy(),
  }
}

function get(url: string, agent: Agent, thingName: string): Promise<DeviceAnswer> {
  return new Promise((resolve, reject) => {
    const headers = { 'x-amzn-iot-thingname': thingName }
    const sent = request(url, { agent, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString()
        const status = response.statusCode ?? 0
        resolve({ status, body, reusedConnection: sent.reusedSocket })
      })
    })
    sent.on('error', reject)
    sent.end()
  })
}
