import { Fault } from '@thingpass/core/fault'

/**
 * Settles as the work does, or fails when the time is over; what the work brings later is dropped.
 * @throws {Fault} DEADLINE_EXCEEDED
 */
export async function withinDeadline<Result>(
  milliseconds: number,
  work: Promise<Result>,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Fault('DEADLINE_EXCEEDED', `no outcome within ${milliseconds} ms`))
    }, milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
