const UNTRUSTED =
  "the server's certificate is not signed by a CA that is trusted here (--ca names another)"

/** What kept an exchange from its answer, in words that say what to look at. */
const GUIDE: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ENOTFOUND', 'the host name is not known; check its spelling and the DNS server'],
  ['EAI_AGAIN', 'the DNS server does not answer'],
  ['ECONNRESET', 'the connection was closed from the other side'],
  ['EPIPE', 'the connection was closed from the other side'],
  ['EHOSTUNREACH', 'there is no route to the host'],
  ['ENETUNREACH', 'there is no network'],
  ['ETIMEDOUT', 'no connection came about in time'],
  ['CONNECT_TIMEOUT', 'no connection came about in time'],
  ['ANSWER_TIMEOUT', 'no answer came in time'],
  ['ANSWER_TOO_LARGE', 'the answer is larger than any that is expected'],
  ['EPROTO', 'the TLS handshake failed; the port may not speak TLS, or refuses this client'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'the port does not speak TLS'],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'the server refused the TLS handshake'],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', "the server does not know the client certificate's CA"],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN', 'the server refused the client certificate'],
  ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'the server refused the client certificate'],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'the server holds the client certificate expired'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'the server needs a client certificate'],
  ['CERT_HAS_EXPIRED', "the server's certificate has expired, or this machine's clock is ahead"],
  [
    'CERT_NOT_YET_VALID',
    "the server's certificate is not valid yet, or this machine's clock is behind",
  ],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', UNTRUSTED],
  ['SELF_SIGNED_CERT_IN_CHAIN', UNTRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT', UNTRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', UNTRUSTED],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', UNTRUSTED],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    "the server's certificate is for another host name; use the name that it is made for",
  ],
  ['ERR_OSSL_PEM_NO_START_LINE', 'the certificate or key file is not PEM'],
  ['ERR_OSSL_X509_KEY_VALUES_MISMATCH', 'the private key is not that of the certificate'],
])

/** Tells a code of Node's or OpenSSL's in plain words; a code that is not known is shown as it is. */
export function describeNetworkCode(code: string): string {
  return GUIDE.get(code) ?? `it failed with ${code}`
}
