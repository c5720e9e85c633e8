import type { ApiCommand } from '../api/api-command.ts'
import { toApiRequest } from '../api/api-request.ts'
import { listAll } from '../api/list-all.ts'
import { type Failure, wholeNumber } from '../api/option-readers.ts'
import { type GivenLine, readInput } from '../api/read-input.ts'
import { reportFailure } from '../api/report-failure.ts'
import { memberAt } from '../api/resource-reference.ts'
import type { SendApi } from '../api/send-api.ts'
import { showAnswer } from '../api/show-answer.ts'
import type { CommandIo, ExitCode, UsageProblem } from '../command-io.ts'
import type { ControlAnswer } from '../control-client/control-client.ts'
import { writeTextFile } from '../device/write-text-file.ts'

/** Runs one command in the words of the API, and prints the answer; exit code 1 where it was refused. */
export async function runApiCommand(
  command: ApiCommand,
  given: GivenLine,
  { send, io }: { readonly send: SendApi; readonly io: CommandIo },
): Promise<ExitCode> {
  const answer = await call(command, given, send)
  if ('problem' in answer || !answer.ok) return reportFailure(answer, io)
  const { json } = answer
  const unsaved = await saveText(command, given, json)
  if (unsaved !== undefined) return reportFailure(unsaved, io)
  io.out(given.options.json === true ? `${JSON.stringify(json)}\n` : showAnswer(command, json))
  return 0
}

async function call(command: ApiCommand, given: GivenLine, send: SendApi): Promise<ControlAnswer> {
  const read = await readInput(command, given, send)
  if (!('input' in read)) return read
  const { call: apiCall, shown = {} } = command
  if (!('rows' in shown)) {
    const whole = await layOver(command, read.input, send)
    return 'input' in whole ? send(toApiRequest(apiCall, whole.input)) : whole
  }
  const limit = await readLimit(given.options.limit, send)
  if (!('limit' in limit)) return limit
  return listAll({ ...shown, call: apiCall, input: read.input, ...limit }, send)
}

/** Completes the input by the record that is there, where the call would otherwise empty what is not given. */
async function layOver(
  { changes, arguments: labels = [] }: ApiCommand,
  input: object,
  send: SendApi,
): Promise<{ readonly input: object } | Failure> {
  if (changes === undefined) return { input }
  const names = labels.map(({ member }) => member)
  const key = Object.entries(input).filter(([name]) => names.includes(name))
  const found = await send(toApiRequest(changes.read, Object.fromEntries(key)))
  if ('problem' in found || !found.ok) return found
  const kept = Object.entries(found.json ?? {}).filter(([name]) => !changes.without.includes(name))
  return { input: { ...Object.fromEntries(kept), ...input } }
}

/** Writes what `--out` asks for. */
async function saveText(
  { saved }: ApiCommand,
  { options }: GivenLine,
  json: unknown,
): Promise<UsageProblem | undefined> {
  const text = saved === undefined ? undefined : memberAt(json, saved)
  if (typeof options.out !== 'string' || typeof text !== 'string') return undefined
  return writeTextFile(options.out, text)
}

async function readLimit(
  given: unknown,
  send: SendApi,
): Promise<{ readonly limit: number } | Failure> {
  if (typeof given !== 'string') return { limit: Number.POSITIVE_INFINITY }
  const reading = await wholeNumber.read(given, send)
  const limit = 'value' in reading ? Number(reading.value) : 0
  return limit > 0 ? { limit } : { problem: '--limit takes a whole number from 1' }
}
