/** What shortened a session. */
export type DurationClamp = 'issuer-limit' | 'certificate-expiry'

/** How long a session lasts, and why not longer. Seconds throughout. */
export type SessionDuration = {
  readonly askedSeconds: number
  readonly givenSeconds: number
  readonly clampedBy: readonly DurationClamp[]
}

/** The shortest of what the alias asks, what the issuer can give and what is left of the certificate. */
export function sessionDuration(
  askedSeconds: number,
  longestSessionSeconds: number,
  remainingSeconds: number,
): SessionDuration {
  const limits = [
    { clamp: 'issuer-limit', seconds: longestSessionSeconds },
    { clamp: 'certificate-expiry', seconds: remainingSeconds },
  ] as const
  return {
    askedSeconds,
    givenSeconds: Math.min(askedSeconds, longestSessionSeconds, remainingSeconds),
    clampedBy: limits.filter(({ seconds }) => seconds < askedSeconds).map(({ clamp }) => clamp),
  }
}
