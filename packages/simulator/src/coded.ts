import { parcelPromise } from './dialects/parcelPromise';
import type { Message } from './message';
import { Random } from './random';
import type { ParcelName } from './parcelName';
import { formatSecond, type SimulatedEvent } from './world';

/** How a message names its parcel. */
type Naming = 'number' | 'code' | 'both';

/** Carriers, as the database writes them and as they write themselves. Both give the same tracking numbers. */
const CARRIERS = [
  { name: 'EXPRESSO AGIL', spellings: ['EXPRESSO AGIL', 'Expresso Ágil', ' expresso  ágil '] },
  { name: 'ROTA SUL', spellings: ['ROTA SUL', 'Rota Sul'] },
] as const;
const SERVICES = ['SEDEX', 'PAC', 'Hoje'] as const;
const AT_THE_ORIGIN = ['POSTADO', 'CANCELADO'];

/** Of the parcels with a tracking number, those of which some messages say the sender's number as well. */
const JOINED = 0.15;
/** The number is said by such an event of the parcel at the latest, counted from 0. */
const LATEST_BINDING_STEP = 2;
const SAYS_BOTH_PLACES = 0.5;
const SAYS_ONE_PLACE = 0.3;
const SAYS_PROMISE = 0.6;

/**
 * Tells a part of the parcels as carriers do, in our own event format: by carrier and tracking number in any spelling, with the place of
 * the scan, promises, and places left out. Of some, a message says the sender's number as well; from then on messages name them in any way. Half of
 * the corrections among them take back the event before. What is rejected stays as it is. Drawn from streams of its own, so that it changes no
 * other parcel.
 *
 * @param share of the parcels, from 0 to 1
 */
export function* withTrackingNumbers(
  messages: Iterable<Message>,
  share: number,
  seed: number,
): Generator<Message> {
  const bound = new Set<number>();
  for (const message of messages)
    yield message.rejection === null ? coded(message, share, seed, bound) : message;
}

/** @param bound the parcels of which a message said both names */
function coded(message: Message, share: number, seed: number, bound: Set<number>): Message {
  const { timed, kind } = message;
  if (timed === undefined) throw new RangeError('only events of a world can be told with tracking numbers');
  const { parcelIndex, step } = timed;
  const parcel = new Random(seed, 'tracking number', parcelIndex);
  if (parcel.unit() >= share) return message;
  const isJoined = parcel.unit() < JOINED;
  const bindingStep = parcel.below(LATEST_BINDING_STEP + 1);
  const event = message.body as SimulatedEvent;
  const own = new Random(seed, `tracking number, ${kind}`, parcelIndex, step);
  // The first one that comes, which may be late or never have happened: so that a run that is cut off says no number without it.
  const isBinding = isJoined && step >= bindingStep && !bound.has(parcelIndex);
  if (isBinding) bound.add(parcelIndex);
  const any = own.pick<Naming>(['number', 'code', 'both']);
  const naming = !isJoined || step < bindingStep ? 'code' : isBinding ? 'both' : any;
  const carrier = CARRIERS[event.id_pacote % 2 === 0 ? 0 : 1];
  const codigo = `RX${Math.floor(event.id_pacote / 2)}BR`;
  const name: ParcelName = { transportadora: carrier.name, codigo };
  return {
    ...message,
    key: naming === 'code' ? `${carrier.name}/${codigo}` : String(event.id_pacote),
    parcel: isJoined ? { ...name, id_pacote: event.id_pacote, isBound: bound.has(parcelIndex) } : name,
    body: {
      ...(naming === 'code' ? {} : { id_pacote: event.id_pacote }),
      ...placesOf(event, naming, own),
      status_rastreamento: event.status_rastreamento,
      data_atualizacao: event.data_atualizacao,
      ...(naming === 'number'
        ? {}
        : {
            codigo: own.unit() < 0.5 ? codigo : `rx ${codigo.slice(2).toLowerCase()}`,
            transportadora: own.pick(carrier.spellings),
            ...detailsOf(message, own, seed),
          }),
      ...(event.correcao === undefined
        ? {}
        : { correcao: own.unit() < 0.5 ? event.correcao : ('anterior' as const) }),
    },
  };
}

function placesOf(
  { origem, destino }: SimulatedEvent,
  naming: Naming,
  random: Random,
): { origem?: string; destino?: string } {
  const draw = random.unit();
  if (naming === 'number' || draw < SAYS_BOTH_PLACES) return { origem, destino };
  if (draw >= SAYS_BOTH_PLACES + SAYS_ONE_PLACE) return {};
  return random.unit() < 0.5 ? { origem } : { destino };
}

function detailsOf({ timed, dueMs, body }: Message, random: Random, seed: number): object {
  const event = body as SimulatedEvent;
  const saidAt = formatSecond(1000 * Math.floor(dueMs / 1000));
  const promises = random.unit() < SAYS_PROMISE;
  const saysWhen = random.unit() < 0.5;
  return {
    servico: random.pick(SERVICES),
    local: `CD ${AT_THE_ORIGIN.includes(event.status_rastreamento) ? event.origem : event.destino}`,
    descricao: `Objeto: ${event.status_rastreamento.toLowerCase()}`,
    ...(promises && timed !== undefined
      ? {
          prazo: parcelPromise(seed, timed, saysWhen ? Date.parse(saidAt) : timed.atMs),
          ...(saysWhen ? { prazo_em: saidAt } : {}),
        }
      : {}),
  };
}
