/** 128 random bits, so that nobody comes upon them. The case of letters does not matter to HTTP. */
const DRAWN_NAME = /^x-cert-[0-9a-f]{32}$/i

/**
 * Takes a drawn name of the certificate header: `X-Cert-` and 32 hex digits, letters and hyphens only, under 40 characters. A name that AWS or
 * another proxy gives such a header is none: everybody knows it.
 * Source: AWS re:Post, "drop invalid headers" (`[-A-Za-z0-9]+`); Elastic Load Balancing API, HttpHeaderConditionConfig (40 characters: the one
 * bound on a header's name that is written down; none is for listener attributes).
 */
export function parseCertificateHeader(text: string | undefined): string | undefined {
  return text !== undefined && DRAWN_NAME.test(text) ? text : undefined
}
