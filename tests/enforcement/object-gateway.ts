import type { Ceph } from './ceph.ts'

/** Long-lived keys of a user of the object gateway. */
export type UserKeys = { readonly accessKeyId: string; readonly secretAccessKey: string }

/** Who may do what at the object gateway. */
export type GatewayUsers = {
  /** May assume the role. */
  readonly broker: UserKeys
  /** May not. */
  readonly stranger: UserKeys
  /** Owns the bucket. */
  readonly owner: UserKeys
}

/** The one role, which may do all that S3 has: what a session cannot do, its session policy has kept from it. */
export const ROLE_NAME = 'fleet-device'
/** As AWS writes it, and so does everything of Thingpass. */
export const ROLE_ARN = `arn:aws:iam::123456789012:role/${ROLE_NAME}`
/** As the gateway writes it: it has no accounts. */
export const GATEWAY_ROLE_ARN = `arn:aws:iam:::role/${ROLE_NAME}`

const VERSION = '2012-10-17'
const TRUST = {
  Version: VERSION,
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: ['arn:aws:iam:::user/broker'] },
      Action: ['sts:AssumeRole'],
    },
  ],
}
const PERMISSIONS = {
  Version: VERSION,
  Statement: [{ Effect: 'Allow', Action: ['s3:*'], Resource: 'arn:aws:s3:::*' }],
}

/** Makes the users and the role. The gateway makes up the keys, so that none stands on a command line. */
export async function createUsers({ admin }: Pick<Ceph, 'admin'>): Promise<GatewayUsers> {
  const createUser = async (name: string): Promise<UserKeys> => {
    const printed = await admin('user', 'create', `--uid=${name}`, `--display-name=${name}`)
    const [key] = JSON.parse(printed).keys
    return { accessKeyId: key.access_key, secretAccessKey: key.secret_key }
  }
  const users = {
    broker: await createUser('broker'),
    stranger: await createUser('stranger'),
    owner: await createUser('owner'),
  }
  const role = `--role-name=${ROLE_NAME}`
  await admin('role', 'create', role, `--assume-role-policy-doc=${JSON.stringify(TRUST)}`)
  const policy = ['--policy-name=everything', `--policy-doc=${JSON.stringify(PERMISSIONS)}`]
  await admin('role-policy', 'put', role, ...policy)
  return users
}
