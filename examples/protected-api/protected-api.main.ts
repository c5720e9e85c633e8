import { HELP, parseCommandLine } from '../../packages/local/src/command-line.ts'
import { PKI_FILES } from '../../packages/local/src/pki/local-pki.ts'
import { startProtectedApi } from './start-protected-api.ts'

const say = (text: string) => process.stdout.write(`${text}\n`)
const commandLine = parseCommandLine(process.argv.slice(2))

if (commandLine.kind === 'start') {
  const stack = await startProtectedApi(commandLine.settings, {
    clock: () => new Date(),
    decided: say,
    log: (line) => process.stderr.write(`${line}\n`),
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stack.close())
  const { dataDir, url } = stack
  const device = [
    `--cacert ${PKI_FILES.serverCa(dataDir)}`,
    `--cert ${PKI_FILES.deviceCertificate(dataDir, 'camera-1')}`,
    `--key ${PKI_FILES.devicePrivateKey(dataDir, 'camera-1')}`,
    '-H "x-amzn-iot-thingname: camera-1"',
  ].join(' ')
  say(`curl ${device} "${url}/whoami?roleAlias=demo-camera"`)
  say(`curl ${device} -X PUT -d "21 degrees" ${url}/readings/camera-1`)
  say(`curl ${device} ${url}/readings/camera-1`)
  say(`curl ${device} ${url}/readings/camera-2  # Forbidden: another device's`)
} else {
  say(commandLine.kind === 'help' ? HELP : commandLine.problem)
  process.exitCode = commandLine.kind === 'help' ? 0 : 2
}
