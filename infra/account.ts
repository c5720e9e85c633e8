/** The account that is deployed to. */
export const accountId = aws.getCallerIdentityOutput({}).accountId

/** The region that is deployed to. */
export const region = aws.getRegionOutput({}).region

/** `aws`, or the partition of China or GovCloud. */
export const partition = aws.getPartitionOutput({}).partition
