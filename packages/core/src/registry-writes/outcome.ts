/** What became of a change: done, with what came of it, or refused for one of a closed set of conflicts; then nothing was written. */
export type Outcome<Conflict extends string, Value extends object = object> =
  | ({ readonly ok: true } & Readonly<Value>)
  | { readonly ok: false; readonly conflict: Conflict }

/** Of an idempotent change: whether there was anything to change. */
export type Changed = { readonly changed: boolean }

/** When a record was made and last changed; whole seconds. */
export type Dates = { readonly createdAt: Date; readonly modifiedAt: Date }
