import type { PlainReceived } from '@rastreio/database';
import { BUCKET_STARTS, bucketOf } from '../../packages/database/src/write/buckets';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** São Paulo, without summer time since 2019. */
const UTC_OFFSET_MS = -3 * HOUR_MS;
const STILL_MS = 48 * HOUR_MS;
const ENOUGH_DELIVERIES = 30;
const FINAL = new Set(['ENTREGUE', 'EXTRAVIADO', 'DEVOLVIDO', 'CANCELADO']);
const WITH_COURIER = new Set(['EM ROTA DE ENTREGA', 'AGUARDANDO RETIRADA']);

/** The numbers of the view `torre`. */
export interface TowerNumbers {
  readonly prometidos_hoje: number;
  readonly atrasados_parados: number;
  readonly esquecidos: number;
  readonly tentativa_falhou: number;
  readonly quebras_amanha: number;
  readonly quebras_amanha_sem_estimativa: number;
}

interface Parcel {
  readonly lane: string;
  readonly firstMs: number;
  lastMs: number;
  status: string;
  attempted: boolean;
  deliveredMs: number | undefined;
}

/** What the control tower has to say of these events, which come in time order: counted parcel by parcel, without a database. */
export function expectedTower(
  events: Iterable<PlainReceived>,
  nowMs: number,
  promiseDays: number,
): TowerNumbers {
  const parcels = parcelsOf(events);
  const lanes = deliveriesByLane(parcels, nowMs);
  const today = dayOf(nowMs);
  const open = parcels
    .filter(({ status }) => !FINAL.has(status))
    .map((parcel) => ({ ...parcel, promisedMs: parcel.firstMs + promiseDays * DAY_MS }));
  const count = (is: (parcel: (typeof open)[number]) => boolean) => open.filter(is).length;
  const risks = open
    .filter(({ promisedMs }) => dayOf(promisedMs) === today + 1)
    .map(({ lane, firstMs }) => riskOf(lanes.get(lane) ?? [], nowMs - firstMs, promiseDays * DAY_MS));
  return {
    prometidos_hoje: count((p) => dayOf(p.promisedMs) === today && !WITH_COURIER.has(p.status)),
    atrasados_parados: count((p) => p.promisedMs < nowMs && nowMs - p.lastMs > STILL_MS),
    esquecidos: count((p) => p.status === 'POSTADO' && nowMs - p.firstMs > STILL_MS),
    tentativa_falhou: count((p) => p.attempted && p.deliveredMs === undefined),
    quebras_amanha: risks.reduce<number>((sum, risk) => sum + (risk ?? 0), 0),
    quebras_amanha_sem_estimativa: risks.filter((risk) => risk === undefined).length,
  };
}

function parcelsOf(events: Iterable<PlainReceived>): Parcel[] {
  const parcels = new Map<number, Parcel>();
  for (const { id_pacote, origem, destino, status_rastreamento: status, data_atualizacao } of events) {
    const atMs = Date.parse(data_atualizacao);
    let parcel = parcels.get(id_pacote);
    if (parcel === undefined) {
      parcel = {
        lane: `${origem}>${destino}`,
        firstMs: atMs,
        lastMs: atMs,
        status,
        attempted: false,
        deliveredMs: undefined,
      };
      parcels.set(id_pacote, parcel);
    }
    parcel.lastMs = atMs;
    parcel.status = status;
    if (status === 'TENTATIVA DE ENTREGA') parcel.attempted = true;
    if (status === 'ENTREGUE') parcel.deliveredMs = atMs;
  }
  return [...parcels.values()];
}

/** Delivery times of the last thirty days, today as one of them. */
function deliveriesByLane(parcels: readonly Parcel[], nowMs: number): Map<string, number[]> {
  const lanes = new Map<string, number[]>();
  for (const { lane, firstMs, deliveredMs } of parcels)
    if (deliveredMs !== undefined && dayOf(deliveredMs) > dayOf(nowMs) - 30)
      lanes.set(lane, [...(lanes.get(lane) ?? []), deliveredMs - firstMs]);
  return lanes;
}

/** Undefined where it cannot be estimated. */
function riskOf(deliveries: readonly number[], ageMs: number, promiseMs: number): number | undefined {
  const older = longerThan(deliveries, ageMs);
  return deliveries.length < ENOUGH_DELIVERIES || older === 0
    ? undefined
    : longerThan(deliveries, promiseMs) / older;
}

/** How many took longer, each that is in the same bucket by the part of it that lies above. */
function longerThan(deliveries: readonly number[], ms: number): number {
  const bucket = bucketOf(ms * 1000);
  const [start = 0, end = 0] = BUCKET_STARTS.slice(bucket - 1, bucket + 1);
  return deliveries
    .map((took) => bucketOf(took * 1000) - bucket)
    .reduce(
      (sum, distance) => sum + (distance > 0 ? 1 : distance < 0 ? 0 : (end - ms * 1000) / (end - start)),
      0,
    );
}

function dayOf(ms: number): number {
  return Math.floor((ms + UTC_OFFSET_MS) / DAY_MS);
}
