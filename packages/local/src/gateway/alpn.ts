const HTTP_1_1 = 'http/1.1'
const HTTP_2 = 'h2'

/**
 * Chooses the protocol to speak. This server speaks HTTP/1.1 whatever the name, so that a device with an ALPN name left over
 * from another AWS IoT endpoint (`x-amzn-http-ca`) is served, not cut off. Only a client that insists on HTTP/2 is refused.
 * Source: AWS IoT developer guide, "Device communication protocols" (ALPN names); RFC 7301 section 3.2.
 */
export function chooseProtocol(offered: readonly string[]): string | undefined {
  return offered.includes(HTTP_1_1) ? HTTP_1_1 : offered.find((name) => name !== HTTP_2)
}
