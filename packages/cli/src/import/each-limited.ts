/** Works on all items, at most so many at a time, in their order; the first rejection ends it once what runs has ended. */
export async function eachLimited<Item>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values()
  let stopped = false
  const worker = async () => {
    for (const item of queue) {
      if (stopped) return
      await work(item).catch((thrown) => {
        stopped = true
        throw thrown
      })
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: limit }, worker))
  const failed = ended.find((each) => each.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
