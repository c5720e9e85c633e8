import type { Place } from './fleet-record.ts'

/** One ARN that was turned to the deployment's account and region. */
export type RewrittenArn = { readonly from: string; readonly to: string }

/** What became of a text that may be an ARN of AWS IoT. */
export type ArnReading =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'rewritten'; readonly to: string }
  /** It names an account or region that is not the source's, so it is left as it is; here it may still match. */
  | { readonly kind: 'foreign'; readonly countsHere: boolean }

const ARN = /^arn:(?<partition>[^:]*):iot:(?<region>[^:]*):(?<account>[^:]*):(?<resource>.*)$/s
/** A segment with any of these can stand for several names; what it stands for is not ours to narrow. */
const OPEN = /[*?$]/

/**
 * Turns an ARN of AWS IoT, or a pattern of one, from the source's account and region to the deployment's. Wildcards and variables
 * stay; ARNs of other services are their owners' affair and stay, too.
 */
export function rewriteArn(text: string, from: Place, to: Place): ArnReading {
  const parts = ARN.exec(text)?.groups
  if (parts === undefined) return { kind: 'unchanged' }
  const { partition = '', region = '', account = '', resource = '' } = parts
  const segments = [
    [partition, from.partition, to.partition],
    [region, from.region, to.region],
    [account, from.account, to.account],
  ] as const
  if (!segments.every(([segment, here]) => segment === here || OPEN.test(segment))) {
    const countsHere = segments.every(
      ([segment, , there]) => segment === there || OPEN.test(segment),
    )
    return { kind: 'foreign', countsHere }
  }
  const turned = segments.map(([segment, here, there]) => (segment === here ? there : segment))
  const [newPartition, newRegion, newAccount] = turned
  const arn = `arn:${newPartition}:iot:${newRegion}:${newAccount}:${resource}`
  return arn === text ? { kind: 'unchanged' } : { kind: 'rewritten', to: arn }
}

/** The partition of a region's ARNs. Source: AWS General Reference, Amazon Resource Names. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}

/** Where an ARN of AWS IoT points; undefined for any other text. */
export function placeOf(arn: string | undefined): Place | undefined {
  const parts = ARN.exec(arn ?? '')?.groups
  const { partition, region, account } = parts ?? {}
  if (partition === undefined || region === undefined || account === undefined) return undefined
  return /^\d{12}$/.test(account) ? { partition, region, account } : undefined
}

/** The resource of an ARN of AWS IoT: its kind and name. Undefined for any other text. */
export function resourceOf(
  arn: string,
): { readonly kind: string; readonly name: string } | undefined {
  const [, kind = '', name = ''] =
    /^([^/]+)\/(.+)$/s.exec(ARN.exec(arn)?.groups?.resource ?? '') ?? []
  return name === '' ? undefined : { kind, name }
}
