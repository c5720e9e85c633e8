import {
  type ApiGatewayV2Client,
  GetDomainNameCommand,
  UpdateDomainNameCommand,
} from '@aws-sdk/client-apigatewayv2'
import { Fault } from '@thingpass/core/fault'
import { describeFailure, serviceFailure } from '../service-failure.ts'

/**
 * Makes the device domain of API Gateway. Its functions throw {Fault} UNEXPECTED when API Gateway refuses or fails, and when the domain asks for no
 * client certificates: then there is nothing to publish to, and somebody should look.
 * Needs `apigateway:GET`, `apigateway:PATCH` and `apigateway:AddCertificateToDomain` on the domain, and `s3:GetObjectVersion` on the truststore.
 */
export function createDeviceDomain({
  client,
  domainName,
}: {
  readonly client: ApiGatewayV2Client
  readonly domainName: string
}) {
  return {
    read: async () => {
      const { MutualTlsAuthentication: tls } = await client
        .send(new GetDomainNameCommand({ DomainName: domainName }))
        .catch((thrown: unknown) => fail('GetDomainName', thrown))
      if (tls?.TruststoreUri === undefined) {
        throw new Fault('UNEXPECTED', `the domain ${domainName} has no mutual TLS`)
      }
      return { versionId: tls.TruststoreVersion, warnings: tls.TruststoreWarnings ?? [] }
    },
    /** The location of the truststore is left as the deployment set it. */
    use: async (versionId: string) => {
      await client
        .send(
          new UpdateDomainNameCommand({
            DomainName: domainName,
            MutualTlsAuthentication: { TruststoreVersion: versionId },
          }),
        )
        .catch((thrown: unknown) => fail('UpdateDomainName', thrown))
    },
  }
}

/** API Gateway's message stays here. */
function fail(operation: string, thrown: unknown): never {
  throw new Fault('UNEXPECTED', `${operation} failed: ${describeFailure(serviceFailure(thrown))}`)
}
