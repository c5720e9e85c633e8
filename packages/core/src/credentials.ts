/** Short-lived AWS credentials. Printed or serialised as a whole they show the access key id and the expiry, never a secret. */
export type Credentials = {
  /** 16–128 of `\w`; not a secret. */
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiration: Date
}

/** `util.inspect` and `console.log` of Node call the method of this name. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/** Takes the four parts into one object whose secrets can be read by name only: JSON and spreading leave them out. */
export function createCredentials(parts: Credentials): Credentials {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = parts
  const shown = { accessKeyId, expiration }
  return Object.freeze(
    Object.defineProperties({ ...shown } as Credentials, {
      secretAccessKey: { value: secretAccessKey },
      sessionToken: { value: sessionToken },
      [INSPECT]: { value: () => shown },
    }),
  )
}
