/** Seconds since 1970, as all timestamps of the API are. */
export function epochSeconds(instant: Date): number {
  return instant.getTime() / 1000
}
