import { isIP } from 'node:net'
import { type Finding, note, ok } from './finding.ts'

const MOST_CHARACTERS = 128
const LABELS = 6

/**
 * Whether the host name has the shape that every AWS client can work with. A name of another shape works with most of them.
 * Source: awslabs/aws-iot-core-credential-provider-session-helper (region from the third label from the end, of six),
 * espressif/esp-rainmaker (`.iot.<region>.`), aws-greengrass/aws-greengrass-lite (128 characters).
 */
export function checkHostName(hostname: string): Finding {
  if (isIP(hostname) !== 0) {
    const told = `${hostname} is an address: no host name (SNI) is sent`
    return note('host name', told, 'Use the name; a deployment knows itself by it.')
  }
  if (hostname.includes('-ats.iot.') || /^[a-z0-9]+\.iot\./.test(hostname)) {
    const told = `${hostname} looks like AWS IoT's data endpoint`
    return note(
      'host name',
      told,
      'Credentials come from <prefix>.credentials.iot.<region>.<domain>.',
    )
  }
  const [, ...rest] = hostname.split('.')
  const fits = rest.length === LABELS - 1 && hostname.includes('.credentials.iot.')
  if (fits && hostname.length <= MOST_CHARACTERS) return ok('host name', hostname)
  const advice =
    'Some clients read the region off <prefix>.credentials.iot.<region>.<domain>.<tld>.'
  return note('host name', `${hostname} has not the shape of AWS's`, advice)
}
