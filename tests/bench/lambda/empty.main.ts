/** A function that does nothing: what Node and the runtime client take by themselves, on every side alike. */
export const handler = async () => ({ statusCode: 200 })
