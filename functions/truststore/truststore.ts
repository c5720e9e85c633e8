import { asFault, type Fault } from '@thingpass/core/fault'
import { createTruststoreLine } from './metrics.ts'
import { type Publication, publishTruststore } from './publish-truststore.ts'
import type { TruststorePorts } from './truststore-ports.ts'

/** What the handler needs beside the ports of a publication. */
export type TruststoreHandlerPorts = TruststorePorts & {
  /** Where the stage's metrics are. */
  readonly metricNamespace: string
  readonly writeLine: (line: string) => Promise<void>
  readonly reportFault: (fault: Fault) => void
}

/**
 * Makes the Lambda handler of the schedule. It fails where the publication does, so that Lambda's own count of errors tells; what was planned is
 * logged even then.
 */
export function createTruststoreHandler(ports: TruststoreHandlerPorts): () => Promise<void> {
  const renderTruststoreLine = createTruststoreLine(ports.metricNamespace)
  return async () => {
    let planned: Omit<Publication, 'outcome'> | undefined
    try {
      const publication = await publishTruststore(ports, (plan) => {
        planned = plan
      })
      await ports.writeLine(renderTruststoreLine(publication, publication.outcome, ports.clock()))
    } catch (thrown) {
      const fault = asFault(thrown)
      ports.reportFault(fault)
      if (planned) await ports.writeLine(renderTruststoreLine(planned, 'failed', ports.clock()))
      throw fault
    }
  }
}
