import { CITIES, distanceKm, type City } from './cities';
import type { Random } from './random';

const HOUR = 3_600_000;

export interface Step {
  /** Milliseconds after posting. */
  readonly offsetMs: number;
  readonly status: string;
}

export interface Lifecycle {
  readonly origem: string;
  readonly destino: string;
  /** In time order, the first one POSTADO at offset 0. */
  readonly steps: readonly Step[];
}

/** Kilometres between two hubs: a longer lane has more EM TRÂNSITO scans. */
const HUB_DISTANCE_KM = 900;
/** Spread of the dwell times: the logarithm's standard deviation. */
const SIGMA = 0.45;

/** Draws one package's whole life: lane, statuses, dwell times. */
export function drawLifecycle(random: Random): Lifecycle {
  const from = drawCity(random, undefined);
  const to = drawCity(random, from);
  const steps: Step[] = [{ offsetMs: 0, status: 'POSTADO' }];
  let at = 0;
  const next = (status: string, medianHours: number) => {
    // Whole seconds, and at least a minute after the step before.
    at = Math.max(at + 60_000, Math.round((at + random.logNormal(medianHours * HOUR, SIGMA)) / 1000) * 1000);
    steps.push({ offsetMs: at, status });
  };
  const done = (): Lifecycle => ({ origem: from.name, destino: to.name, steps });

  if (random.chance(0.02)) {
    next('CANCELADO', 5);
    return done();
  }
  const hubs = 1 + Math.round(distanceKm(from, to) / HUB_DISTANCE_KM);
  for (let hub = 0; hub < hubs; hub++) {
    next('EM TRÂNSITO', 13);
    if (random.chance(0.004)) {
      next('EXTRAVIADO', 120);
      return done();
    }
  }
  next('EM ROTA DE ENTREGA', 14);
  for (let attempt = 1; attempt <= 3; attempt++) {
    if (random.chance(0.86)) {
      next('ENTREGUE', 4);
      // A correction: delivered to the wrong door, then sent back.
      if (random.chance(0.005)) next('DEVOLVIDO', 70);
      return done();
    }
    next('TENTATIVA DE ENTREGA', 5);
    if (attempt < 3) next('EM ROTA DE ENTREGA', 20);
  }
  next('AGUARDANDO RETIRADA', 10);
  next(random.chance(0.7) ? 'ENTREGUE' : 'DEVOLVIDO', 50);
  return done();
}

const TOTAL_WEIGHT = CITIES.reduce((sum, { weight }) => sum + weight, 0);

function drawCity(random: Random, except: City | undefined): City {
  for (;;) {
    let left = random.unit() * TOTAL_WEIGHT;
    const city = CITIES.find(({ weight }) => (left -= weight) < 0);
    if (city !== undefined && city !== except) return city;
  }
}
