const MADE_ID = /^[a-zA-Z0-9-]{1,128}$/

/** Parses an id of our own making (registration, generation, thing and group ids): 1–128 of `[a-zA-Z0-9-]`. Source: AWS IoT API model (ThingGroupId). */
export const parseMadeId = (value: unknown): string | undefined =>
  typeof value === 'string' && MADE_ID.test(value) ? value : undefined
