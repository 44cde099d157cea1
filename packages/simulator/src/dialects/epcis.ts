import { isoLocal } from '../calendar';
import { UNSAID_PLACE } from '../told';
import type { Telling, Words } from './words';

/** `bizStep` and `disposition` of GS1's vocabulary, https://ref.gs1.org/cbv/ (config/sources/epcis.yaml). */
const STEPS: Readonly<Record<string, readonly [step: string, disposition: string]>> = {
  POSTADO: ['shipping', 'in_transit'],
  'EM TRÂNSITO': ['arriving', 'in_transit'],
  ENTREGUE: ['receiving', 'in_progress'],
  EXTRAVIADO: ['inspecting', 'stolen'],
  DEVOLVIDO: ['receiving', 'returned'],
  CANCELADO: ['void_shipping', 'in_progress'],
  // The vocabulary is one of goods, not of parcels: for these the profile has no status, and passes the word on.
  'EM ROTA DE ENTREGA': ['staging_outbound', 'in_transit'],
  'TENTATIVA DE ENTREGA': ['holding', 'in_progress'],
  'AGUARDANDO RETIRADA': ['storing', 'in_progress'],
};
const PASSED_ON = ['EM ROTA DE ENTREGA', 'TENTATIVA DE ENTREGA', 'AGUARDANDO RETIRADA'];
const OTHER = ['inspecting', 'damaged'] as const;

/** Of the examples in GS1's own documents. */
const COMPANY = '0614141';

/** An SSCC: extension digit, company, serial number and check digit, GS1 General Specifications, section 7.9.1. */
function ssccOf(id: number): { readonly extension: string; readonly serial: string; readonly whole: string } {
  const digits = String(id % 10_000_000_000).padStart(10, '0');
  const [extension, serial] = [digits.slice(0, 1), digits.slice(1)];
  const body = `${extension}${COMPANY}${serial}`;
  const sum = [...body].reduce((total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 3 : 1), 0);
  return { extension, serial, whole: `${body}${(10 - (sum % 10)) % 10}` };
}

/** EPCIS 2.0 documents in JSON-LD with one ObjectEvent, read by the profile epcis. No place of origin, no promise. */
export const EPCIS: Words = {
  transportadora: 'EPCIS',
  codeOf(id) {
    const { extension, serial, whole } = ssccOf(id);
    // Both ways to write one are in use.
    const sent =
      id % 2 === 0 ? `urn:epc:id:sscc:${COMPANY}.${extension}${serial}` : `https://id.gs1.org/00/${whole}`;
    return { sent, stored: whole };
  },
  payload: (telling) => ({
    '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: new Date(telling.sentMs).toISOString(),
    epcisBody: { eventList: [eventOf(telling)] },
  }),
  statusOf(status) {
    if (status in STEPS) return PASSED_ON.includes(status) ? stepOf(status).toUpperCase() : status;
    return OTHER[0].toUpperCase();
  },
  placesOf: () => ({ origem: UNSAID_PLACE, destino: UNSAID_PLACE }),
  promiseOf: () => null,
};

function stepOf(status: string): string {
  return (STEPS[status] ?? OTHER)[0];
}

function eventOf({ event, code, atMs, naive, sentMs, takesBack }: Telling): object {
  const [bizStep, disposition] = STEPS[event.status_rastreamento] ?? OTHER;
  return {
    type: 'ObjectEvent',
    action: 'OBSERVE',
    eventTime: `${isoLocal(atMs)}${naive ? '' : '-03:00'}`,
    eventTimeZoneOffset: '-03:00',
    epcList: [code.sent],
    bizStep,
    disposition,
    readPoint: { id: `urn:epc:id:sgln:${COMPANY}.00001.${event.id_pacote % 10}` },
    ...(takesBack
      ? { errorDeclaration: { declarationTime: new Date(sentMs).toISOString(), reason: 'did_not_occur' } }
      : {}),
  };
}
