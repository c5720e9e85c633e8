import type { RequestContext } from './request-context.ts'

/** What an evaluation may still take; below zero it has taken too much. */
export type StepMeter = { left: number }

/** A request's facts, and the meter of the work that is done on them. */
export type Inquiry = { readonly context: RequestContext; readonly meter: StepMeter }

/**
 * Most steps of one evaluation: 3 to 7 ms, whatever they are (measured, Node 24). They admit the largest set of policies that can
 * apply to a device (10 of its certificate, 2 of each of 70 groups, 2,048 characters each) when it is written like policies are,
 * even where each statement names the request's resource and compares a common name of 64 characters, the longest of RFC 5280.
 * More take only those that are written to make a comparison expensive, and many that compare with longer values.
 */
export const MOST_STEPS = 1_250_000

/**
 * Steps of a statement, a condition, a pattern or value to compare with, one that the request's value must be parsed for, and a
 * variable; their characters come on top.
 */
export const STEPS = Object.freeze({
  statement: 200,
  condition: 150,
  comparison: 25,
  parse: 150,
  variable: 100,
})

/** What it takes to make a text ready for comparison, per character. */
const STEPS_OF_CHARACTER = 2

/** Makes a meter for one evaluation, or for several that answer one request. */
export function createStepMeter(steps = MOST_STEPS): StepMeter {
  return { left: steps }
}

/** Takes steps, and those that it takes to read the text. Whoever goes on without looking must ask `isOutOfSteps` in the end. */
export function takeSteps(meter: StepMeter, steps: number, text = ''): void {
  meter.left -= steps + STEPS_OF_CHARACTER * text.length
}

/** Whether more steps were taken than there were: nothing that was found out since then counts. */
export function isOutOfSteps(meter: StepMeter): boolean {
  const within = meter.left >= 0
  return !within
}
