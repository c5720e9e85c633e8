import { nameOf } from './names.ts'
import { settingsOf } from './settings.ts'

const { isProduction, signingTenants } = settingsOf($app.stage)

/** Aliases of the keys begin with this; the tenant follows. */
export const caKeyAliasPrefix = `alias/${nameOf('ca-')}`

/** A key per tenant that this deployment signs certificates for. No key ever leaves KMS, and none signs for two tenants. */
export const caKeys = signingTenants.map((tenantId) => {
  const key = new aws.kms.Key(
    `CaKey-${tenantId}`,
    {
      description: `Signs the device certificates of tenant ${tenantId}`,
      customerMasterKeySpec: 'ECC_NIST_P256',
      keyUsage: 'SIGN_VERIFY',
      deletionWindowInDays: 30,
    },
    { retainOnDelete: isProduction },
  )
  new aws.kms.Alias(`CaKeyAlias-${tenantId}`, {
    name: `${caKeyAliasPrefix}${tenantId}`,
    targetKeyId: key.keyId,
  })
  return key
})
