/** What is to be closed, the last opened first. */
export type Closing = {
  readonly add: (close: () => Promise<unknown>) => void
  /** Closes everything once; a second call waits for the first. One that fails does not keep the others open. */
  readonly close: () => Promise<void>
  readonly isClosed: () => boolean
}

/** Makes an empty list of things to close. */
export function createClosing(): Closing {
  const opened: (() => Promise<unknown>)[] = []
  let closed: Promise<void> | undefined
  const closeAll = async () => {
    for (const close of opened.splice(0).reverse()) await close().catch(() => undefined)
  }
  return {
    add: (close) => opened.push(close),
    close: () => {
      closed ??= closeAll()
      return closed
    },
    isClosed: () => closed !== undefined,
  }
}
