import { ListTagsForResourceCommand } from '@aws-sdk/client-iot'
import { gather } from './fleet-reader.ts'
import { type IotSource, sorted } from './iot-source.ts'

/** The tags of one resource. */
export async function readTags(
  { client, call }: IotSource,
  resourceArn: string,
): Promise<Record<string, string>> {
  const tags = await gather(async (nextToken) => {
    const command = new ListTagsForResourceCommand({ resourceArn, nextToken })
    const answer = await call(() => client.send(command))
    return { items: answer.tags ?? [], next: answer.nextToken }
  })
  return sorted(Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value])))
}
