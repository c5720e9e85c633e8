import { createRequire } from 'node:module'
import { Fault } from '@thingpass/core/fault'

const PACKAGE_FILE = '@dynoxide/linux-x64/dynoxide'

/**
 * Finds the embedded DynamoDB engine (dynoxide), which npm installs where it exists for the platform.
 * @throws {Fault} CONFIGURATION_INVALID where it does not
 */
export function findEngineBinary(
  resolve: (file: string) => string = createRequire(import.meta.url).resolve,
): string {
  try {
    return resolve(PACKAGE_FILE)
  } catch (cause) {
    throw new Fault(
      'CONFIGURATION_INVALID',
      'the embedded DynamoDB is not available on this platform; pass --dynamodb URL to name a DynamoDB endpoint',
      { cause },
    )
  }
}
