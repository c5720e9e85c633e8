/** Name of a resource in the account: app, stage, and what it is. Names are fixed, so that policies can name them without a wildcard. */
export const nameOf = (what: string): string => `${$app.name}-${$app.stage}-${what}`
