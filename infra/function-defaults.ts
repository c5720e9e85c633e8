import { settingsOf } from './settings.ts'

const { logRetention } = settingsOf($app.stage)

/**
 * Runtime, size of the bundle and logs of every function. A function without a role written in `infra/function-role.ts` is refused:
 * the role that SST would make trusts every principal of the account, and `link` grants every action on what is linked.
 * Source: sst 4.17.1, platform/src/components/aws/function.ts, createRole.
 */
$transform(sst.aws.Function, (args, _options, name) => {
  if (args.role === undefined) throw new Error(`function ${name} has no role of its own`)
  for (const wide of ['link', 'permissions', 'policies', 'url'] as const) {
    if (args[wide] !== undefined) throw new Error(`function ${name} has ${wide}`)
  }
  args.runtime ??= 'nodejs24.x'
  args.architecture ??= 'arm64'
  args.logging ??= { retention: logRetention, format: 'json' }
  args.nodejs ??= { format: 'esm', minify: true } // undocumented: minify is off by default
})
