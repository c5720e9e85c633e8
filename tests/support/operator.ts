import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { IoTClient } from '@aws-sdk/client-iot'
import type { TestStack } from './local-stack.ts'

/** Access keys of a profile of a stack's control plane. */
export async function keysOf(stack: TestStack, profile: string) {
  const text = await readFile(join(stack.dataDir, 'aws-credentials'), 'utf8')
  const section = text.split(/^\[/m).find((part) => part.startsWith(`${profile}]`)) ?? ''
  const settingOf = (name: string) => new RegExp(`^${name} = (\\S+)$`, 'm').exec(section)?.[1] ?? ''
  return {
    accessKeyId: settingOf('aws_access_key_id'),
    secretAccessKey: settingOf('aws_secret_access_key'),
  }
}

/** AWS's own client, as the operator of a tenant uses it: `default` is the administrator. */
export async function operatorOf(stack: TestStack, tenant = 'default'): Promise<IoTClient> {
  const prefix = tenant === 'default' ? '' : `/t/${tenant}`
  return new IoTClient({
    endpoint: `${stack.controlUrl}${prefix}`,
    region: 'us-east-1',
    credentials: await keysOf(stack, tenant),
  })
}
