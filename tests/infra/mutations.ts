/** A mistake in one file of the program, and the property that says so. */
export type Mistake = {
  readonly file: string
  readonly from: string
  readonly to: string
  /** Whose name begins with this. */
  readonly breaks: string
  readonly stage?: 'dev'
}

/** Mistakes that somebody could make. Each must break the property it names; the table grows with the program. */
export const MISTAKES: Readonly<Record<string, Mistake>> = {
  'mutual TLS is dropped': {
    file: 'infra/device-api.ts',
    from: 'args.mutualTlsAuthentication = { truststoreUri, truststoreVersion: seedVersion }',
    to: '',
    breaks: 'devices are asked for a certificate',
  },
  'the truststore has no version': {
    file: 'infra/device-api.ts',
    from: 'truststoreVersion: seedVersion }',
    to: '}',
    breaks: 'devices are asked for a certificate',
  },
  'the execute-api endpoint is enabled': {
    file: 'infra/device-api.ts',
    from: 'args.disableExecuteApiEndpoint = true',
    to: 'args.disableExecuteApiEndpoint = false',
    breaks: 'the host that asks for no certificate is closed',
  },
  'a second domain without mutual TLS': {
    file: 'infra/control-api.ts',
    from: 'controlApi.deploy()',
    to: "controlApi.deploy()\nnew aws.apigatewayv2.DomainName('Second', { domainName: 'second.example.com', domainNameConfiguration: { certificateArn: 'arn', endpointType: 'REGIONAL', securityPolicy: 'TLS_1_2' } })",
    breaks: 'devices are asked for a certificate',
  },
  'an old TLS version': {
    file: 'infra/device-api.ts',
    from: "options.ignoreChanges = ['mutualTlsAuthentication.truststoreVersion']",
    to: "options.ignoreChanges = ['mutualTlsAuthentication.truststoreVersion']\n      args.domainNameConfiguration = { certificateArn: 'arn', endpointType: 'REGIONAL', securityPolicy: 'TLS_1_0' }",
    breaks: 'the device domain is regional and speaks TLS 1.2',
  },
  'the deployment sets the version that the publisher has set': {
    file: 'infra/device-api.ts',
    from: "options.ignoreChanges = ['mutualTlsAuthentication.truststoreVersion']",
    to: 'options.ignoreChanges = []',
    breaks: 'the publisher alone changes the version',
  },
  'the deployment ignores whether there is mutual TLS at all': {
    file: 'infra/device-api.ts',
    from: "options.ignoreChanges = ['mutualTlsAuthentication.truststoreVersion']",
    to: "options.ignoreChanges = ['mutualTlsAuthentication']",
    breaks: 'the publisher alone changes the version',
  },
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
  'the function answers for another host than the domain': {
    file: 'infra/credentials.ts',
    from: 'THINGPASS_HOST_NAMES: deviceHostName',
    to: "THINGPASS_HOST_NAMES: 'other.example.com'",
    breaks: 'the device domain has the shape',
  },
  'a function is told of a resource as a link would': {
    file: 'infra/control.ts',
    from: 'THINGPASS_CREDENTIALS_ENDPOINT: deviceHostName,',
    to: 'THINGPASS_CREDENTIALS_ENDPOINT: deviceHostName,\n    SST_RESOURCE_Registry: registry.name,',
    breaks: 'a function knows its settings',
  },
  'other origins are answered': {
    file: 'infra/device-api.ts',
    from: 'cors: false,',
    to: '',
    breaks: 'no other origin is answered',
  },
  'unknown paths are left to API Gateway': {
    file: 'infra/device-api.ts',
    from: "deviceApi.route('$default', target)",
    to: '',
    breaks: 'every path and method reaches the credentials function',
  },
  'requests go past the warm instances': {
    file: 'infra/device-api.ts',
    from: 'credentials.nodes.function.qualifiedArn as',
    to: 'credentials.nodes.function.arn as',
    breaks: 'every path and method reaches the credentials function',
  },
  'devices are not throttled': {
    file: 'infra/device-api.ts',
    from: 'throttlingRateLimit: deviceThrottle.perSecond,',
    to: '',
    breaks: 'devices together are throttled',
  },
  'the access log names no certificate': {
    file: 'infra/device-api.ts',
    from: "certificateSubject: '$context.identity.clientCert.subjectDN',",
    to: '',
    breaks: 'the access log says whose certificate',
  },
  'the access log is kept for ever': {
    file: 'infra/device-api.ts',
    from: "accessLog: { retention: '1 month' }",
    to: "accessLog: { retention: 'forever' }",
    breaks: 'the access log says whose certificate',
  },
  'the control plane is open to everybody': {
    file: 'infra/control-api.ts',
    from: ', { auth: { iam: true } }',
    to: '',
    breaks: 'every call of the control plane is authorized',
  },
  'the control plane is at the edge': {
    file: 'infra/control-api.ts',
    from: "endpoint: { type: 'regional' },",
    to: '',
    breaks: 'the control plane is regional',
  },
  'the control plane logs bodies': {
    file: 'infra/control-api.ts',
    from: 'dataTraceEnabled: false',
    to: 'dataTraceEnabled: true',
    breaks: 'the control plane is throttled, logs who called',
  },
  'every principal of the account may be the broker': {
    file: 'infra/function-role.ts',
    from: "Principal: { Service: 'lambda.amazonaws.com' }",
    to: "Principal: { Service: 'lambda.amazonaws.com', AWS: 'arn:aws:iam::123456789012:root' }",
    breaks: 'only Lambda assumes the roles of functions',
  },
  'every log of the account can be written': {
    file: 'infra/function-role.ts',
    from: 'Resource: own,',
    to: "Resource: '*',",
    breaks: 'no statement allows every action',
  },
  'a managed policy beside the one written out': {
    file: 'infra/function-role.ts',
    from: 'inlinePolicies: [',
    to: "managedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],\n    inlinePolicies: [",
    breaks: 'each function has a role of its own',
  },
  'the credentials function may do anything with the table': {
    file: 'infra/credentials.ts',
    from: "'dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'",
    to: "'dynamodb:*'",
    breaks: 'no statement allows every action',
  },
  'the credentials function may write whom it trusts': {
    file: 'infra/credentials.ts',
    from: "['pk', 'sk', 'arrivalMicros', 'kind']",
    to: "['pk', 'sk', 'arrivalMicros', 'kind', 'roleArnPatterns']",
    breaks: 'the credentials function reads the registry',
  },
  'every role of the account can be assumed': {
    file: 'infra/credentials.ts',
    from: 'Resource: roleArns,',
    to: "Resource: 'arn:aws:iam::123456789012:role/*',",
    breaks: 'the credentials function reads the registry',
  },
  'sessions carry no tags': {
    file: 'infra/credentials.ts',
    from: ", 'sts:TagSession'",
    to: '',
    breaks: 'the credentials function reads the registry',
  },
  'the control function may change roles': {
    file: 'infra/control.ts',
    from: "Action: ['iam:GetRole']",
    to: "Action: ['iam:GetRole', 'iam:UpdateAssumeRolePolicy']",
    breaks: 'the control function changes the registry',
  },
  'the publisher may update every domain': {
    file: 'infra/truststore-publisher.ts',
    from: '::/domainnames/${deviceHostName}`',
    to: '::/domainnames/*`',
    breaks: 'the publisher reads CAs',
  },
  'the publisher may change the registry': {
    file: 'infra/truststore-publisher.ts',
    from: "Action: ['dynamodb:GetItem', 'dynamodb:Query']",
    to: "Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query']",
    breaks: 'the publisher reads CAs',
  },
  'two publishers may overlap': {
    file: 'infra/truststore-publisher.ts',
    from: "timeout: '25 seconds'",
    to: "timeout: '60 seconds'",
    breaks: 'the publisher runs each minute',
  },
  'anybody may invoke a function': {
    file: 'infra/control.ts',
    from: '/** Answers operators',
    to: "new aws.lambda.Permission('Open', { action: 'lambda:InvokeFunction', function: nameOf('control'), principal: '*' })\n/** Answers operators",
    breaks: 'only the two APIs invoke functions',
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
  'alarms tell nobody': {
    file: 'infra/alarms.ts',
    from: 'alarmActions: [topic.arn]',
    to: 'alarmActions: []',
    breaks: 'every alarm tells somebody',
  },
  'an alarm looks at a metric that nobody writes': {
    file: 'infra/metrics.ts',
    from: "own('TruststoreLagSeconds')",
    to: "own('TruststoreLag')",
    breaks: 'every alarm tells somebody',
  },
  'the dashboard looks at a latency that nobody writes': {
    file: 'infra/metrics.ts',
    from: "'IssueLatency'",
    to: "'StsLatency'",
    breaks: 'the dashboard shows metrics that are written',
  },
  'a silent publisher is taken for a quiet one': {
    file: 'infra/alarms.ts',
    from: "alarm.silence === 'alarms' ? 'breaching' : 'notBreaching'",
    to: "'notBreaching'",
    breaks: 'a silent publisher is an alarm',
  },
}

/** Changes that the program itself refuses, and what it says. */
export const REFUSED: Readonly<
  Record<string, Omit<Mistake, 'breaks'> & { readonly says: string }>
> = {
  'a function with the role that SST makes': {
    file: 'infra/control.ts',
    from: 'role: controlRole.arn,',
    to: '',
    says: 'function Control has no role of its own',
  },
  'a table that is linked to a function': {
    file: 'infra/control.ts',
    from: 'role: controlRole.arn,',
    to: 'role: controlRole.arn,\n  link: [registry],',
    says: 'function Control has link',
  },
  'a function with a URL': {
    file: 'infra/credentials.ts',
    from: 'role: credentialsRole.arn,',
    to: 'role: credentialsRole.arn,\n  url: true,',
    says: 'function Credentials has url',
  },
  'all roles of the account as assumable': {
    file: 'infra/settings.ts',
    from: "assumableRoles: ['/thingpass/']",
    to: "assumableRoles: ['/*']",
    says: 'assumableRoles: /* is neither path nor role ARN',
  },
}
