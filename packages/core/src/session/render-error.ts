import type { SessionRefusal } from '../refusal.ts'

/** Why a template cannot be read, or cannot be rendered for one device: closed, never renamed. */
export type RenderErrorKind =
  /** Not a policy of Version 2012-10-17, or a placeholder that is nested, empty or malformed. */
  | 'invalidTemplate'
  /** A placeholder where a value could change what the policy means. */
  | 'placeholderNotAllowed'
  /** A variable that the product does not define. */
  | 'unknownVariable'
  /** A Deny or a NotResource needs a value that is not there. */
  | 'missingVariable'
  /** A list where one value is needed. */
  | 'multiValuedVariable'
  /** A value refused for its content or length. */
  | 'unsafeValue'
  /** A character that STS does not take in a policy. */
  | 'unsupportedCharacter'
  /** Over 2,048 characters. */
  | 'policyTooLarge'
  /** No Allow is left. */
  | 'emptyPolicy'

/** A reason with its place: variables by name, statements by number and Sid, sizes. Never the value of a variable. */
export type RenderError = { readonly kind: RenderErrorKind; readonly problem: string }

/** Takes note of an error; what it was found in has no valid reading, whatever is returned. */
export type Report = (kind: RenderErrorKind, problem: string) => void

/** Reports what is wrong inside a place, named before the problem. */
export function within(place: string, report: Report): Report {
  return (kind, problem) => report(kind, `${place}: ${problem}`)
}

/** The one table from rendering error to the reason of the refusal. */
export const SESSION_REFUSALS = {
  invalidTemplate: 'session-policy-unreadable',
  placeholderNotAllowed: 'session-policy-unreadable',
  unknownVariable: 'session-policy-unreadable',
  missingVariable: 'session-value-missing',
  multiValuedVariable: 'session-value-unsafe',
  unsafeValue: 'session-value-unsafe',
  unsupportedCharacter: 'session-value-unsafe',
  policyTooLarge: 'session-policy-too-large',
  emptyPolicy: 'session-policy-grants-nothing',
} as const satisfies Record<RenderErrorKind, SessionRefusal>
