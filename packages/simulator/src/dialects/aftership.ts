import { formatTimestamp } from '@rastreio/contract';
import { isoLocal } from '../calendar';
import type { Telling, Words } from './words';

/** `tag` and the end of `subtag` (config/sources/aftership.yaml). */
const TAGS: Readonly<Record<string, readonly [tag: string, number: string]>> = {
  POSTADO: ['InTransit', '002'],
  'EM TRÂNSITO': ['InTransit', '003'],
  'EM ROTA DE ENTREGA': ['OutForDelivery', '001'],
  'TENTATIVA DE ENTREGA': ['AttemptFail', '001'],
  'AGUARDANDO RETIRADA': ['AvailableForPickup', '001'],
  EXTRAVIADO: ['Exception', '013'],
  DEVOLVIDO: ['Exception', '011'],
  ENTREGUE: ['Delivered', '001'],
  // The profile has no status for it, and passes it on.
  CANCELADO: ['Expired', '001'],
};
/** Whatever else happens; passed on, too. */
const OTHER = ['Exception', '001'] as const;
const AT_THE_ORIGIN = ['POSTADO', 'EM TRÂNSITO', 'CANCELADO'];
/** No carrier that AfterShip knows. */
const SLUG = 'exemplo-express';

/** AfterShip's webhook `tracking_update`, read by the profile aftership. Tracking numbers come with spaces and in small letters. */
export const AFTERSHIP: Words = {
  transportadora: SLUG.toUpperCase(),
  codeOf(id) {
    const digits = String(id).padStart(16, '0');
    return { sent: `xe ${digits.slice(0, 8)} ${digits.slice(8)}`, stored: `XE${digits}` };
  },
  payload: (telling) => {
    const { event, code, day, sentMs } = telling;
    const [tag, number] = TAGS[event.status_rastreamento] ?? OTHER;
    return {
      event: 'tracking_update',
      event_id: `00000000-0000-4000-8000-${String(event.id_pacote).padStart(12, '0').slice(-12)}`,
      is_tracking_first_tag: true,
      ts: sentMs / 1000,
      msg: {
        tracking_number: code.sent,
        slug: SLUG,
        active: tag !== 'Delivered',
        tag,
        subtag: `${tag}_${number}`,
        shipment_type: 'Express',
        origin_city: event.origem,
        destination_city: event.destino,
        // A day comes as its midnight.
        courier_estimated_delivery_date: {
          estimated_delivery_date: `${day}T00:00:00`,
          confidence_code: null,
        },
        checkpoints: [checkpointOf(telling, tag, number)],
      },
    };
  },
  statusOf: (status) => {
    if (status === 'CANCELADO') return 'EXPIRED';
    return status in TAGS ? status : 'EXCEPTION';
  },
  placesOf: ({ origem, destino }) => ({ origem, destino }),
  // The webhook says when it was sent.
  promiseOf: ({ day, sentMs }) => ({ until: day, at: formatTimestamp(sentMs) }),
};

function checkpointOf({ event, atMs, naive }: Telling, tag: string, number: string): object {
  const city = AT_THE_ORIGIN.includes(event.status_rastreamento) ? event.origem : event.destino;
  return {
    slug: SLUG,
    checkpoint_time: `${isoLocal(atMs)}${naive ? '' : '-03:00'}`,
    tag,
    subtag: `${tag}_${number}`,
    message: event.status_rastreamento,
    location: null,
    city,
    state: null,
    raw_tag: event.status_rastreamento,
  };
}
