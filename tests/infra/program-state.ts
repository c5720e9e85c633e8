/** One resource as the program registered it. */
export type Resource = {
  readonly type: string
  readonly name: string
  readonly custom: boolean
  readonly urn?: string
  readonly parent?: string
  // biome-ignore lint/suspicious/noExplicitAny: inputs are as many shapes as there are kinds of resource
  readonly inputs: any
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly outputs?: any
  readonly protect?: boolean
  readonly retainOnDelete?: boolean
  readonly ignoreChanges: readonly string[]
  /** URNs. */
  readonly dependencies: readonly string[]
}

/** What `app()` says of a stage. */
export type App = {
  readonly name: string
  readonly stage: string
  readonly home: string
  readonly removal: string
  readonly protect: boolean
  readonly providers: { readonly aws?: { readonly region?: string } }
}

/** What a program declares, for one stage. */
export type ProgramState = {
  readonly app: App
  readonly resources: readonly Resource[]
  readonly outputs: Readonly<Record<string, unknown>>
  /** Handlers that were asked to be bundled, with SST's options for each. */
  readonly builds: readonly {
    readonly handler: string
    readonly runtime: string
    readonly properties: Readonly<Record<string, unknown>>
  }[]
  /** Calls of the command that no stand-in answers. */
  readonly unansweredCalls: readonly string[]
}

/** One run of a program: its bundled configuration, and the stage. */
export type Job = {
  readonly id: string
  readonly configuration: string
  readonly stage: string
  /** The checkout it belongs to. */
  readonly root: string
}

/** How a run ended. */
export type JobResult =
  | { readonly id: string; readonly ok: true; readonly state: ProgramState }
  | { readonly id: string; readonly ok: false; readonly error: string }
