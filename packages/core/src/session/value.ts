import type { RenderError } from './render-error.ts'
import type { Slot } from './text-template.ts'

/** A value as it goes into the text, or why it must not. */
export type TakenValue =
  | { readonly ok: true; readonly text: string }
  | ({ readonly ok: false } & RenderError)

/** Takes a value into its slot. The problem names what is wrong and never quotes the value. */
export type TakeValue = (value: string, slot: Slot) => TakenValue

/** What STS takes in a policy. Source: STS API model (sessionPolicyDocumentType). */
const STS_CHARACTERS = /^[\t\n\r\u0020-\u00ff]*$/
/** The control characters among them, DEL and C1 included. */
const CONTROL = /[\t\n\r\u007f-\u009f]/
/** Longest value that is filled in. Source: AWS IoT Developer Guide, cert-policy-variables. */
const LONGEST_VALUE = 1024
/** Characters that mean something to IAM inside a value. */
const SYNTAX = /[*?$]/g

/** Whether STS takes each character of a text in a policy. */
export function isStsText(text: string): boolean {
  return STS_CHARACTERS.test(text)
}

/**
 * Takes a value into a policy, where it can only ever be literal: `*`, `?` and `$` become `${*}`, `${?}` and `${$}` in
 * one pass. A certificate's value with one of them is refused instead, as AWS IoT does not substitute such values.
 */
export const takePolicyValue: TakeValue = (value, { forbidden, variable }) => {
  if (!isStsText(value))
    return { ok: false, kind: 'unsupportedCharacter', problem: 'has a character that STS refuses' }
  if (CONTROL.test(value)) return unsafe('has a control character')
  if (value.length > LONGEST_VALUE) return unsafe(`is over ${LONGEST_VALUE} characters`)
  const found = [...forbidden].find((character) => value.includes(character))
  if (found !== undefined) return unsafe(`has '${found}', which may not stand here`)
  const text = value.replace(SYNTAX, (character) => `\${${character}}`)
  return variable.fromCertificate && text !== value
    ? unsafe("comes from the certificate and has '*', '?' or '$'")
    : { ok: true, text }
}

function unsafe(problem: string): TakenValue {
  return { ok: false, kind: 'unsafeValue', problem }
}
