import type { Mistakes } from './mutations.ts'

/** Mistakes about who may do what. */
export const PERMISSIONS_MISTAKES: Mistakes = {
  'a function is told of a resource as a link would': {
    file: 'infra/control.ts',
    from: 'THINGPASS_CREDENTIALS_ENDPOINT: deviceHostName,',
    to: 'THINGPASS_CREDENTIALS_ENDPOINT: deviceHostName,\n    SST_RESOURCE_Registry: registry.name,',
    breaks: 'a function knows its settings',
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
    file: 'infra/registry-access.ts',
    from: "'dynamodb:BatchGetItem', 'dynamodb:Query'",
    to: "'dynamodb:*'",
    breaks: 'no statement allows every action',
  },
  'the credentials function may write whom it trusts': {
    file: 'infra/registry-access.ts',
    from: "['pk', 'sk', 'arrivalMicros']",
    to: "['pk', 'sk', 'arrivalMicros', 'kind', 'roleArnPatterns']",
    breaks: 'who gives credentials reads the registry',
  },
  'every role of the account can be assumed': {
    file: 'infra/broker-access.ts',
    from: 'Resource: roleArns,',
    to: "Resource: 'arn:aws:iam::123456789012:role/*',",
    breaks: 'who gives credentials reads the registry',
  },
  'sessions carry no tags': {
    file: 'infra/broker-access.ts',
    from: ", 'sts:TagSession'",
    to: '',
    breaks: 'who gives credentials reads the registry',
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
  'anybody may invoke a function': {
    file: 'infra/control.ts',
    from: '/** Answers operators',
    to: "new aws.lambda.Permission('Open', { action: 'lambda:InvokeFunction', function: nameOf('control'), principal: '*' })\n/** Answers operators",
    breaks: 'only the front doors invoke functions',
  },
  'the authorizer may count budgets': {
    file: 'infra/authorizer.ts',
    from: '[READ_REGISTRY]',
    to: "[READ_REGISTRY, { Sid: 'Count', Action: ['dynamodb:UpdateItem'], Resource: 'arn:aws:dynamodb:eu-central-1:123456789012:table/one' }]",
    breaks: 'the authorizer and whoami read the registry',
  },
  'who counts budgets may set what a record is': {
    file: 'infra/registry-access.ts',
    from: "'arrivalMicros']",
    to: "'arrivalMicros', 'kind']",
    breaks: 'who gives credentials reads the registry',
  },
  'who counts budgets may leave out which attributes': {
    file: 'infra/registry-access.ts',
    from: ", 'dynamodb:Attributes': 'false'",
    to: '',
    breaks: 'who gives credentials reads the registry',
  },
  'who counts budgets may leave out which tenant': {
    file: 'infra/registry-access.ts',
    from: "'dynamodb:LeadingKeys': 'false', ",
    to: '',
    breaks: 'who gives credentials reads the registry',
  },
  'whoami may assume roles': {
    file: 'infra/whoami.ts',
    from: '[READ_REGISTRY]',
    to: "[READ_REGISTRY, { Sid: 'Assume', Action: ['sts:AssumeRole'], Resource: 'arn:aws:iam::123456789012:role/thingpass/*' }]",
    breaks: 'the authorizer and whoami read the registry',
  },
  'two functions share a role': {
    file: 'infra/whoami.ts',
    from: 'role: whoamiRole.arn',
    to: "role: $interpolate`arn:aws:iam::123456789012:role/${nameOf('authorizer')}`",
    breaks: 'each function has a role of its own',
  },
  'everybody may invoke the authorizer through API Gateway': {
    file: 'infra/authorizer.ts',
    from: '/**\n * Adds a route',
    to: "new aws.lambda.Permission('Wide', { action: 'lambda:InvokeFunction', function: authorizerHandler.arn, principal: 'apigateway.amazonaws.com' })\n/**\n * Adds a route",
    breaks: 'only the front doors invoke functions',
  },
  'a whole API may invoke the authorizer': {
    file: 'infra/authorizer.ts',
    from: '/**\n * Adds a route',
    to: "new aws.lambda.Permission('Wide', { action: 'lambda:InvokeFunction', function: authorizerHandler.arn, principal: 'apigateway.amazonaws.com', sourceArn: $interpolate`${deviceApi.nodes.api.executionArn}/*` })\n/**\n * Adds a route",
    breaks: 'only the front doors invoke functions',
  },
  'schedules of other accounts may run the publisher': {
    file: 'infra/truststore-publisher.ts',
    from: "Condition: { StringEquals: { 'aws:SourceAccount': accountId } },",
    to: '',
    breaks: 'only Lambda assumes the roles of functions',
  },
}
