/*
 * In the account, only with the setting `loadBalancer`: a load balancer, its listener, target group and security group, and two DNS records. In the state
 * alone: a random name for the header that the certificate stands in.
 * May: everybody may connect on port 443, with any certificate or none, and reaches the one function of `infra/load-balancer-function.ts`, which refuses what
 * is not exactly one certificate. The target group may invoke that function and no other, and no other service may. Whoever knows the header's name, which
 * only the listener and the function are told, and has a device's certificate, may be able to pass for that device: who reads the listener's attributes,
 * the function's configuration or the state must be trusted with that.
 */

import { RandomBytes } from '@pulumi/random'
import { loadBalancerHostName } from './device-host-name.ts'
import { declareLoadBalancerFunction } from './load-balancer-function.ts'
import { declareLoadBalancerLogs, LOG_PREFIXES } from './load-balancer-logs.ts'
import { nameOf } from './names.ts'
import { type LoadBalancerSettings, settingsOf } from './settings.ts'

const { hostedZoneId, isProduction, loadBalancer: wanted } = settingsOf($app.stage)

/**
 * The second front door, unless it is not set: an Application Load Balancer that asks for a certificate, checks nothing of it but that the
 * device has its key, and hands it on in a header of a drawn name (mutual TLS in passthrough mode). For certificates that API Gateway cannot accept: issued by
 * AWS IoT itself, or registered without a CA. A web application firewall is not part of it; one can be attached to it.
 */
export const loadBalancer =
  wanted && loadBalancerHostName ? declare(wanted, loadBalancerHostName) : undefined

function declare(settings: LoadBalancerSettings, hostName: string) {
  const certificateHeader = drawCertificateHeader()
  const { role, handler } = declareLoadBalancerFunction(hostName, certificateHeader)
  const targets = declareTargets(handler)
  const balancer = declareBalancer(settings)
  new aws.lb.Listener('DeviceBalancerListener', {
    loadBalancerArn: balancer.arn,
    port: 443,
    protocol: 'HTTPS',
    sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06', // TLS 1.2 with forward secrecy and AEAD, or 1.3
    certificateArn: settings.certificateArn,
    mutualAuthentication: { mode: 'passthrough' },
    routingHttpRequestXAmznMtlsClientcertHeaderName: certificateHeader,
    defaultActions: [{ type: 'forward', targetGroupArn: targets.arn }],
  })
  sst.aws
    .dns(hostedZoneId === undefined ? {} : { zone: hostedZoneId })
    .createAlias(
      'DeviceBalancer',
      { name: hostName, aliasName: balancer.dnsName, aliasZone: balancer.zoneId },
      {},
    )
  return { balancer, handler, hostName, role }
}

/**
 * The name of the certificate's header: 128 random bits, drawn once and kept, encrypted, in the state. Whether a load balancer takes away a header of
 * AWS's own name, where a client sent one and no certificate, is not written down; a name that cannot be known cannot be sent. Under another name, this
 * resource draws another; until listener and function have both heard of it, devices are refused.
 * Source: Application Load Balancer guide, "HTTP header modification".
 */
function drawCertificateHeader(): $util.Output<string> {
  return $interpolate`X-Cert-${new RandomBytes('CertificateHeader', { length: 16 }).hex}`
}

/** The function's one way to be invoked. Lists of values show a header that came twice; without them the last one would hide the others. */
function declareTargets(handler: sst.aws.Function): aws.lb.TargetGroup {
  const targets = new aws.lb.TargetGroup('DeviceBalancerTargets', {
    name: shortNameOf('lb'),
    targetType: 'lambda',
    lambdaMultiValueHeadersEnabled: true,
    healthCheck: { enabled: false }, // it would be an invocation every few seconds
  })
  const permission = new aws.lambda.Permission('DeviceBalancerPermission', {
    action: 'lambda:InvokeFunction',
    function: handler.name,
    principal: 'elasticloadbalancing.amazonaws.com',
    sourceArn: targets.arn,
  })
  new aws.lb.TargetGroupAttachment(
    'DeviceBalancerTarget',
    { targetGroupArn: targets.arn, targetId: handler.arn },
    { dependsOn: [permission] },
  )
  return targets
}

function declareBalancer({ acknowledge, subnetIds, vpcId }: LoadBalancerSettings) {
  const logs = declareLoadBalancerLogs()
  const [requests, connections] = LOG_PREFIXES
  const { bucket } = logs
  const firewall = new aws.ec2.SecurityGroup('DeviceBalancerFirewall', {
    name: nameOf('lb'),
    description: 'Devices come in over TLS; nothing goes out, for functions are not in the network',
    vpcId,
    ingress: [{ protocol: 'tcp', fromPort: 443, toPort: 443, cidrBlocks: ['0.0.0.0/0'] }],
    egress: [],
  })
  return new aws.lb.LoadBalancer(
    'DeviceBalancer',
    {
      name: shortNameOf('lb'),
      loadBalancerType: 'application',
      internal: false,
      ipAddressType: 'ipv4',
      subnets: [...subnetIds],
      securityGroups: [firewall.id],
      dropInvalidHeaderFields: true,
      desyncMitigationMode: 'strictest',
      xffHeaderProcessingMode: 'append', // the function takes the address that the load balancer added: the last
      enableXffClientPort: false,
      enableDeletionProtection: isProduction,
      accessLogs: { bucket, prefix: requests, enabled: true },
      connectionLogs: { bucket, prefix: connections, enabled: true },
      tags: { 'thingpass:acknowledged': acknowledge },
    },
    { dependsOn: [logs] }, // it tries to write as soon as it exists
  )
}

/** Load balancers and target groups have short names. Source: Elastic Load Balancing API, CreateLoadBalancer (32 characters). */
function shortNameOf(what: string): string {
  const name = nameOf(what)
  if (name.length <= 32) return name
  throw new Error(`with a load balancer, the name of a stage is shorter: ${name}`)
}
