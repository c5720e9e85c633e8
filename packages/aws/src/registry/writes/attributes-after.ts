/** Attributes that have a value: an empty one is none. */
export const withoutEmpty = (
  attributes: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> => new Map([...attributes].filter(([, value]) => value !== ''))

/** What attributes become: replaced by those given, or with `merge` joined by them. */
export function attributesAfter(
  before: ReadonlyMap<string, string>,
  {
    attributes,
    merge = false,
  }: { readonly attributes?: ReadonlyMap<string, string>; readonly merge?: boolean },
): ReadonlyMap<string, string> {
  const kept = attributes === undefined || merge ? [...before] : []
  return withoutEmpty(new Map([...kept, ...(attributes ?? [])]))
}
