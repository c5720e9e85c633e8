/** What an answer means that is no grant, and what to do. */
export type AnswerGuide = {
  readonly status: number
  /** AWS's words; absent = whatever it says. */
  readonly message?: string
  readonly advice: string
}

/**
 * The rows of AWS IoT's credentials provider, then what stands before it. The first that fits counts; one without message comes
 * after those with one.
 */
const ROWS: readonly AnswerGuide[] = [
  {
    status: 403,
    message: 'Certificate is invalid on this endpoint',
    advice:
      'The certificate is not registered here, not ACTIVE, not signed by the CA it was registered under, or not valid now; or the tenant is disabled; or the host name is not one that is served.',
  },
  {
    status: 403,
    message: 'Invalid thing name passed',
    advice:
      'The thing does not exist, or the certificate is not attached to it. Attach it, or name the right one with --thing.',
  },
  {
    status: 403,
    message: 'Access Denied',
    advice:
      "No policy of the certificate or of the thing's groups allows iot:AssumeRoleWithCertificate on this role alias, or one denies it; or the alias needs a thing (--thing), or cannot be scoped to this device.",
  },
  {
    status: 403,
    message: 'Forbidden',
    advice:
      "The gateway refuses the certificate before anybody looks at it: its CA is not in the deployment's truststore yet, or the certificate is not valid now.",
  },
  {
    status: 404,
    message: 'Role alias does not exist',
    advice: 'The policies allow it, but there is no such role alias. Names are case-sensitive.',
  },
  {
    status: 400,
    message: 'Unable to assume the role, or the role to assume does not exist',
    advice:
      "The alias's role does not exist, or its trust policy does not let the broker in (sts:AssumeRole and sts:TagSession).",
  },
  {
    status: 400,
    message:
      'The requested CredentialDurationSeconds exceeds the MaxSessionDuration set for the role',
    advice:
      'The alias asks for longer sessions than its role, or the broker, can give. Shorten them.',
  },
  {
    status: 404,
    advice:
      'Something else answers at this host: AWS IoT has another endpoint for data. Take the host of endpoint type iot:CredentialProvider.',
  },
  {
    status: 429,
    advice: "The tenant's budget of requests is used up. Come back as Retry-After says.",
  },
  { status: 503, advice: 'The registry or STS is throttled or out of reach. Come back later.' },
  { status: 500, advice: 'The deployment has a fault of its own; its log names it.' },
]

/** Says what to do about an answer other than 200. */
export function adviceFor(status: number, message: string | undefined): string {
  const row = ROWS.find(
    (each) => each.status === status && (each.message === undefined || each.message === message),
  )
  return (
    row?.advice ?? 'This is no answer of a credentials provider. Is it the right host and port?'
  )
}
