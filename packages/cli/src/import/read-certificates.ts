import {
  DescribeCACertificateCommand,
  DescribeCertificateCommand,
  ListCACertificatesCommand,
  ListCertificatesCommand,
} from '@aws-sdk/client-iot'
import { type EntryPage, listAll, type ReadCollection } from './fleet-reader.ts'
import type { FleetRecord } from './fleet-record.ts'
import { type IotSource, needed, PAGE_SIZE, withValues } from './iot-source.ts'
import { readTags } from './read-tags.ts'

/** Reads device certificates, a call for each. */
export function readCertificates(source: IotSource): ReadCollection {
  return readEach(
    (marker) => listCertificates(source, marker),
    (id) => readCertificate(source, id),
  )
}

/** Reads CA certificates. */
export function readCas(source: IotSource): ReadCollection {
  return readEach(
    (marker) => listCas(source, marker),
    (id) => readCa(source, id),
  )
}

type ListIds = (
  marker: string | undefined,
) => Promise<{ readonly items: readonly string[]; readonly next: string | undefined }>

function readEach(list: ListIds, load: (id: string) => Promise<FleetRecord>): ReadCollection {
  return async function* (cursor) {
    for await (const { items, next } of listAll(list, cursor)) {
      const entries = items.map((key) => ({ key, load: () => load(key) }))
      yield withValues({ entries, next }) as EntryPage
    }
  }
}

/** The ids of one page of certificates. */
export async function listCertificates(
  { client, call }: IotSource,
  marker: string | undefined,
): ReturnType<ListIds> {
  const command = new ListCertificatesCommand({ marker, pageSize: PAGE_SIZE })
  const { certificates = [], nextMarker } = await call(() => client.send(command))
  const items = certificates.map(({ certificateId }) => needed(certificateId, 'certificateId'))
  return { items, next: nextMarker }
}

/** The ids of one page of CA certificates. */
export async function listCas(
  { client, call }: IotSource,
  marker: string | undefined,
): ReturnType<ListIds> {
  const command = new ListCACertificatesCommand({ marker, pageSize: PAGE_SIZE })
  const { certificates = [], nextMarker } = await call(() => client.send(command))
  const items = certificates.map(({ certificateId }) => needed(certificateId, 'certificateId'))
  return { items, next: nextMarker }
}

async function readCertificate(
  { client, call }: IotSource,
  certificateId: string,
): Promise<FleetRecord> {
  const command = new DescribeCertificateCommand({ certificateId })
  const { certificateDescription } = await call(() => client.send(command))
  const { status, certificatePem, caCertificateId } = certificateDescription ?? {}
  return {
    kind: 'certificate',
    id: certificateId,
    pem: needed(certificatePem, 'certificatePem'),
    status: needed(status, 'status'),
    ...(caCertificateId === undefined ? {} : { caId: caCertificateId }),
  }
}

/** One CA certificate. */
export async function readCa(source: IotSource, certificateId: string) {
  const { client, call } = source
  const command = new DescribeCACertificateCommand({ certificateId })
  const { certificateDescription: ca, registrationConfig } = await call(() => client.send(command))
  const { templateBody, templateName } = registrationConfig ?? {}
  return {
    kind: 'ca',
    id: certificateId,
    pem: needed(ca?.certificatePem, 'certificatePem'),
    status: needed(ca?.status, 'status'),
    mode: ca?.certificateMode ?? 'DEFAULT',
    autoRegistration: ca?.autoRegistrationStatus === 'ENABLE',
    provisions: templateBody !== undefined || templateName !== undefined,
    tags: await readTags(source, needed(ca?.certificateArn, 'certificateArn')),
  } satisfies FleetRecord
}
