/** Percent-encodes everything but the unreserved characters of RFC 3986, UTF-8, upper-case digits. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Decodes one name or value of a form: `+` is a space, `%XX` a byte of UTF-8. Undefined when it is neither. */
export function percentDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
