/** Which part of a list is asked for: items in order of their keys, from behind one of them. */
export type PageInput<Key extends string> = {
  /** 1–250. */
  readonly limit: number
  /** The key that the part begins behind; it need not be there any more. Absent = from the beginning. */
  readonly after?: Key
  /** Default true. */
  readonly ascending?: boolean
}

/** A part of a list, and whether the list goes on behind it. */
export type PageOf<Item> = { readonly items: readonly Item[]; readonly more: boolean }
