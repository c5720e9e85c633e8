import type { ControlCall } from '../control-client/control-client.ts'
import type { Reader } from './option-readers.ts'

type Iot = typeof import('@aws-sdk/client-iot')

/** AWS's name of an operation. */
export type OperationName = {
  [Name in keyof Iot]: Name extends `${infer Operation}Command` ? Operation : never
}[keyof Iot]

/** What a command calls: an operation of AWS's API by its name, or a route of ours. */
export type ApiCall =
  | { readonly operation: OperationName }
  | {
      readonly method: ControlCall['method']
      /** Labels in braces take the members of their names; the others form the body. */
      readonly path: string
      /** Members that go into the query. */
      readonly query?: readonly string[]
      /** The one member that is the whole body. */
      readonly body?: string
    }

/** A positional argument; all of them are needed. */
export type ApiArgument = {
  /** As help shows it. */
  readonly name: string
  /** Member of the input, with dots between the members of members. */
  readonly member: string
  readonly read?: Reader
}

/** An option. */
export type ApiOption = {
  /** As commander takes it: `--type <name>`. */
  readonly flags: string
  readonly about: string
  readonly member: string
  /** Text where absent. */
  readonly read?: Reader
  readonly required?: boolean
}

/** How a list is paged. Source: AWS IoT API model. */
export type Paging = 'token' | 'marker'

/** What is printed of an answer for people. */
export type Shown =
  /** Rows under the member `rows`; a column is a member of them, and the only one where rows are text. */
  | {
      readonly rows: string
      readonly columns: readonly [string, ...string[]]
      readonly paging?: Paging
    }
  /** The members of the answer, or of its member `within`, without those that are too long to read. */
  | { readonly within?: string; readonly hidden?: readonly string[] }

/** One command, in the words of the API. */
export type ApiCommand = {
  /** Such as `describe`, or `session-profile get`. */
  readonly verb: string
  readonly about: string
  /** A line that works, from behind the verb. */
  readonly example: string
  readonly arguments?: readonly ApiArgument[]
  readonly options?: readonly ApiOption[]
  /** Members that are the same in every call. */
  readonly fixed?: object
  /** Where the call writes a whole record: what is read first, with the members that are not written. What is given is laid over it. */
  readonly changes?: { readonly read: ApiCall; readonly without: readonly string[] }
  readonly call: ApiCall
  readonly shown?: Shown
  /** Path of a text in the answer that `--out <file>` writes to a file. */
  readonly saved?: string
}

/** The commands of one kind of thing. */
export type ApiSubject = {
  readonly name: string
  readonly about: string
  readonly commands: readonly ApiCommand[]
}
