import type { Mistakes } from './mutations.ts'

/** Mistakes about what is kept and run. */
export const STATE_MISTAKES: Mistakes = {
  'the deployment writes the truststore each time': {
    file: 'infra/truststore.ts',
    from: "ignoreChanges: ['content', 'contentType', 'tags']",
    to: "ignoreChanges: ['tags']",
    breaks: 'the deployment writes the truststore once',
  },
  'the truststore keeps no versions': {
    file: 'infra/truststore.ts',
    from: "status: 'Enabled' }",
    to: "status: 'Suspended' }",
    breaks: 'the truststore keeps every version',
  },
  'the truststore is written before versions are kept': {
    file: 'infra/truststore.ts',
    from: '{ ...onceOnly, dependsOn: [versioning, seed] }',
    to: '{ ...onceOnly, dependsOn: [seed] }',
    breaks: 'the truststore keeps every version',
  },
  'the truststore can be made public': {
    file: 'infra/truststore.ts',
    from: 'blockPublicPolicy: true',
    to: 'blockPublicPolicy: false',
    breaks: 'the truststore keeps every version',
  },
  'the first truststore is no CA': {
    file: 'infra/truststore-seed.ts',
    from: 'octets(sequence(TRUE))',
    to: 'octets(sequence())',
    breaks: 'the first truststore is a CA that can sign nothing',
  },
  'the key of the first truststore is kept': {
    file: 'infra/truststore-seed.ts',
    from: 'return pem(sequence(body, algorithm, bits(signature)))',
    to: "return pem(sequence(body, algorithm, bits(signature))) + privateKey.export({ type: 'pkcs8', format: 'pem' })",
    breaks: 'the first truststore is a CA that can sign nothing',
  },
  'two publishers may overlap': {
    file: 'infra/truststore-publisher.ts',
    from: "timeout: '25 seconds'",
    to: "timeout: '60 seconds'",
    breaks: 'the publisher runs each minute',
  },
  'tables cannot be restored': {
    file: 'infra/registry.ts',
    from: 'pointInTimeRecovery: { enabled: true }',
    to: 'pointInTimeRecovery: { enabled: false }',
    breaks: 'the table is paid by request, restorable',
  },
  'the table is encrypted with a key nobody sees': {
    file: 'infra/registry.ts',
    from: 'serverSideEncryption: { enabled: true },',
    to: '',
    breaks: 'the table is paid by request, restorable',
  },
  'nothing expires': {
    file: 'infra/registry.ts',
    from: "ttl: 'expiresAt',",
    to: '',
    breaks: 'the table is paid by request, restorable',
  },
  'the index has another key': {
    file: 'infra/registry.ts',
    from: "listing: { hashKey: 'listing', rangeKey: 'pk' }",
    to: "listing: { hashKey: 'listing', rangeKey: 'sk' }",
    breaks: 'keys and indexes of the table',
  },
  'the table can be deleted in production': {
    file: 'infra/registry.ts',
    from: 'deletionProtection: isProduction',
    to: 'deletionProtection: false',
    breaks: 'a production deployment is protected',
  },
  'production is not protected': {
    file: 'sst.config.ts',
    from: 'protect: isProduction',
    to: 'protect: false',
    breaks: 'a production deployment is protected',
  },
  'production is removed with its data': {
    file: 'sst.config.ts',
    from: "isProduction ? 'retain' : 'remove'",
    to: "'remove'",
    breaks: 'a production deployment is protected',
  },
  'a development stage cannot be removed': {
    file: 'infra/truststore.ts',
    from: 'forceDestroy: !isProduction',
    to: 'forceDestroy: false',
    breaks: 'a production deployment is protected',
    stage: 'dev',
  },
  'functions are not minified': {
    file: 'infra/function-defaults.ts',
    from: "{ format: 'esm', minify: true }",
    to: "{ format: 'esm' }",
    breaks: 'functions are arm64 on Node 24',
  },
  'functions run on x86': {
    file: 'infra/function-defaults.ts',
    from: "args.architecture ??= 'arm64'",
    to: '',
    breaks: 'functions are arm64 on Node 24',
  },
  'instances are kept warm': {
    file: 'infra/settings.ts',
    from: "credentialsFunction: { memory: '512 MB' }",
    to: "credentialsFunction: { memory: '512 MB', provisioned: 1 }",
    breaks: 'nothing is kept warm',
  },
  'logs of functions are kept for ever': {
    file: 'infra/function-defaults.ts',
    from: 'retention: logRetention',
    to: "retention: 'forever'",
    breaks: 'functions are arm64 on Node 24',
  },
}
