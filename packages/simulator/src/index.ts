export { type Carrier } from './carrier';
export { withTrackingNumbers } from './coded';
export { CITIES } from './cities';
export { DIALECTS, type Dialect, type DialectName } from './dialects';
export { CSV_HEADER, type Format, JSON_FORMAT, CSV_FORMAT } from './encode';
export { FAULTS, type Fault, type FaultRates, NO_FAULTS, withFaults } from './faults';
export { INCIDENTS, type IncidentKind, type IncidentSpec, type Incident, resolveIncident } from './incidents';
export type { Message } from './message';
export { promisesCsv } from './promisesFile';
export { Random } from './random';
export { EventSample } from './eventSample';
export { fittedCarrier } from './fittedCarrier';
export { simulatedCarrier } from './simulatedCarrier';
export { GroundTruth } from './truth';
export { type TruthRecord, type TruthHeader, writeTruth, readTruth } from './truthFile';
export { MINUTE_MS, HOUR_MS, DAY_MS } from './units';
export {
  type SimulatedEvent,
  type TimedEvent,
  type World,
  worldEvents,
  postingIntervalForRate,
  postingIntervalForCount,
  postingIntervalForParcels,
} from './world';
