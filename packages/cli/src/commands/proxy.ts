import { join, resolve } from 'node:path'
import { keepAwsCredentials } from '@thingpass/local/control/aws-credentials'
import type { CommandIo, ExitCode, UsageProblem } from '../command-io.ts'
import {
  baseUrlOf,
  type ControlTarget,
  parseTarget,
  type TargetOptions,
} from '../control-client/target.ts'
import { accessKeysFor } from '../control-client/target-credentials.ts'
import { describeNetworkCode } from '../http/network-problem.ts'
import { type ListenAddress, parseListenAddress } from '../proxy/listen-address.ts'
import { type RunningProxy, startProxy } from '../proxy/start-proxy.ts'

/** What `proxy` is told. */
export type ProxyOptions = TargetOptions & {
  /** `127.0.0.1:PORT`. */
  readonly listen: string
}

/** Serves stock tools on this machine until it is told to stop. */
export async function runProxy(
  options: ProxyOptions,
  stopped: Promise<unknown>,
  io: CommandIo,
): Promise<ExitCode> {
  const setting = readSetting(options, io)
  if ('problem' in setting) return refuse(setting, io)
  const opened = await openProxy(setting, io)
  if ('problem' in opened) return refuse(opened, io)
  io.out(exportText(opened.url, setting))
  await stopped
  await opened.close()
  return 0
}

function refuse({ problem }: UsageProblem, { err }: CommandIo): ExitCode {
  err(`thingpass: ${problem}\n`)
  return 2
}

type ProxySetting = {
  readonly listen: ListenAddress
  readonly target: ControlTarget
  /** Absolute path of the file with the callers' keys. */
  readonly keysFile: string
}

function readSetting(
  options: ProxyOptions,
  { environment }: CommandIo,
): ProxySetting | UsageProblem {
  const listen = parseListenAddress(options.listen)
  if ('problem' in listen) return listen
  const target = parseTarget(options, environment)
  if ('problem' in target) return target
  const keysFile = resolve(join(options.dataDir ?? '.thingpass', 'proxy', 'aws-credentials'))
  const { AWS_SHARED_CREDENTIALS_FILE: own = '' } = environment
  // The lines that the proxy prints are for another shell: here they would make it sign with keys that only it knows.
  if (own !== '' && resolve(own) === keysFile) {
    return {
      problem: 'AWS_SHARED_CREDENTIALS_FILE names the keys that the proxy gave out; unset it',
    }
  }
  return { listen, target, keysFile }
}

async function openProxy(
  { listen, target, keysFile }: ProxySetting,
  { environment, err }: CommandIo,
): Promise<RunningProxy | UsageProblem> {
  const findAccessKeys = accessKeysFor(target, environment)
  const found = await findAccessKeys()
  if ('problem' in found) return found
  const clock = () => new Date()
  const log = (line: string) => err(`${line}\n`)
  try {
    const callerKeys = await keepAwsCredentials(keysFile, [])
    return await startProxy({ listen, target, callerKeys, findAccessKeys, clock, log })
  } catch (thrown) {
    const code: unknown = Reflect.get(Object(thrown), 'code')
    if (code === 'EADDRINUSE') return { problem: 'the port of --listen is taken; name another' }
    if (code === 'CONFIGURATION_INVALID') return { problem: (thrown as Error).message }
    return { problem: `the proxy cannot start: ${describeNetworkCode(String(code))}` }
  }
}

function exportText(url: string, { target, keysFile }: ProxySetting): string {
  return `Requests are signed anew for ${baseUrlOf(target)}, with your own AWS credentials.
In another shell:

unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
export AWS_SHARED_CREDENTIALS_FILE=${shellWord(keysFile)} AWS_PROFILE=default
export AWS_REGION=${target.region} AWS_DEFAULT_REGION=${target.region}
export AWS_ENDPOINT_URL_IOT=${url}
aws iot list-role-aliases

Ctrl-C stops the proxy.
`
}

/** Quotes what a POSIX shell would otherwise read as more than one plain word. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
