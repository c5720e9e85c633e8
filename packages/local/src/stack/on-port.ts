import { Fault } from '@thingpass/core/fault'

const PROBLEMS: ReadonlyMap<string, string> = new Map([
  ['EADDRINUSE', 'is in use'],
  ['EACCES', 'may not be opened by this user'],
])

/** A port that somebody chose by a flag. */
export type ChosenPort = { readonly port: number; readonly flag: '--port' | '--control-port' }

/**
 * Listens on a chosen port.
 * @throws {Fault} CONFIGURATION_INVALID, in one line, when the port cannot be had
 */
export async function onPort<Value>(
  { port, flag }: ChosenPort,
  listen: () => Promise<Value>,
): Promise<Value> {
  try {
    return await listen()
  } catch (cause) {
    const problem = PROBLEMS.get((cause as NodeJS.ErrnoException).code ?? '')
    if (problem === undefined) throw cause
    throw new Fault('CONFIGURATION_INVALID', `port ${port} ${problem}; pass another with ${flag}`, {
      cause,
    })
  }
}
