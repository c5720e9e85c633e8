/** Handlers of the functions, by the names that the program gives them. */
export const HANDLERS = {
  Credentials: 'functions/credentials/credentials.main.handler',
  CredentialsLoadBalancer: 'functions/credentials/load-balancer.main.handler',
  Authorizer: 'functions/authorizer/authorizer.main.handler',
  Whoami: 'functions/authorizer/whoami.main.handler',
  Control: 'functions/control/control.main.handler',
  TruststorePublisher: 'functions/truststore/truststore.main.handler',
} as const
