/** A piece of a policy pattern as it is written: text, a wildcard, or a variable with or without default. */
export type PatternPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'wildcard'; readonly text: '*' | '?' }
  | { readonly kind: 'variable'; readonly name: string; readonly hasDefault: boolean }

const PIECE = /\$\{([*?$])\}|\$\{([^},]*)(,[^}]*)?\}|([*?])|(\$|[^$*?]+)/g

/** Splits a pattern into its pieces. `${*}`, `${?}` and `${$}` are text. */
export function piecesOf(pattern: string): readonly PatternPiece[] {
  return [...pattern.matchAll(PIECE)].map(([, escaped, variable, fallback, wildcard, text]) => {
    if (variable !== undefined) {
      return { kind: 'variable', name: variable.trim(), hasDefault: fallback !== undefined }
    }
    return wildcard === '*' || wildcard === '?'
      ? { kind: 'wildcard', text: wildcard }
      : { kind: 'text', text: escaped ?? text ?? '' }
  })
}

/** Names of the variables in a pattern that have no default. */
export function variablesOf(pattern: string): readonly string[] {
  return piecesOf(pattern).flatMap((piece) =>
    piece.kind === 'variable' && !piece.hasDefault ? [piece.name] : [],
  )
}

/** Variables that every device has, named in lower case. */
const ALWAYS_SET = new Set([
  'thingpass:tenantid',
  'iot:certificateid',
  'credentials-iot:awscertificateid',
  'iot:domainname',
  'aws:sourceip',
  'aws:currenttime',
  'aws:epochtime',
  'aws:securetransport',
])

/** Whether some device can be without this variable. */
export function mayBeUnset(name: string): boolean {
  return !ALWAYS_SET.has(name.toLowerCase())
}
