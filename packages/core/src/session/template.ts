import type { RenderErrorKind } from './render-error.ts'

/** A session policy template that was read once: what to copy, what to fill in, and where. Frozen. */
export type SessionTemplate = { readonly statements: readonly unknown[] }

/** A template, or what is wrong with its text. */
export type TemplateReading =
  | { readonly ok: true; readonly template: SessionTemplate }
  | { readonly ok: false; readonly kind: RenderErrorKind; readonly problem: string }

/** Reads the text of a session policy template. */
export function parseSessionTemplate(_text: string): TemplateReading {
  return { ok: false, kind: 'invalidTemplate', problem: 'templates are not read yet' }
}
