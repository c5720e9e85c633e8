import type { Command } from 'commander'

/** Adds the options that say which control plane is meant, and as whose. */
export function addTargetOptions(command: Command): Command {
  return command
    .option('--endpoint <url>', 'control plane (THINGPASS_ENDPOINT, else http://127.0.0.1:8080)')
    .option('--tenant <name>', 'tenant (THINGPASS_TENANT, else default)')
    .option('--region <name>', 'AWS region (THINGPASS_REGION, else us-east-1 for a local one)')
    .option('--data-dir <path>', "a local stack's directory (.thingpass)")
}
