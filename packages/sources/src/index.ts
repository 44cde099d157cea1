export type { Auth, HmacAlgorithm, SecretPlace } from './auth';
export {
  type LoadedProfiles,
  type ProfileProblem,
  type ProfileRead,
  type SourceProfile,
  loadProfiles,
  readProfile,
} from './profile';
export { type ReadLimits, type Reading, readPayload } from './readPayload';
export { type Judged, type JudgedEvent, judgeEvent, judgePayload, problemOf } from './judge';
