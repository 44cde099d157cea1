/** Panels that are empty though all is well, and why. Kept beside the check, since only the check asks. */
export const MAY_BE_EMPTY: ReadonlyMap<string, string> = new Map([
  ...['pacote/1', 'pacote/2', 'pacote/3', 'pacote/4'].map((place) => [place, 'no parcel is chosen'] as const),
  ['pacote/5', 'no message of the parcel was rejected'],
  ['torre/4', 'no lane got worse'],
  ['torre/5', 'no lane got worse'],
  ['torre/6', 'no parcel needs somebody'],
  ['entregas-tempo-real/2', 'nothing was received in the last hour'],
  ['entregas-tempo-real/5', 'no lane has enough deliveries yet'],
  ['entregas-tempo-real/6', 'nothing happened in the last hour'],
  ['prazos-e-rotas/10', 'no parcel stands still'],
  ['prazos-e-rotas/11', 'no parcel is at risk'],
  ['prazos-e-rotas/12', 'no parcel stands still'],
  ['saude-do-pipeline/5', 'nothing was received'],
  ['saude-do-pipeline/8', 'nothing was rejected'],
  ['saude-do-pipeline/10', 'nothing was rejected'],
]);
