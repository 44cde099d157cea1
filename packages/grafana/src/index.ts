export { applyToGrafana, type ApplyOptions, type ApplyResult } from './apply';
export { applyReport } from './applyReport';
export { readTarget, type Target } from './auth';
export { createClient, type Client } from './client';
export { checkGrafana } from './check';
export { MAY_BE_EMPTY } from './check/mayBeEmpty';
export { PARTS, type Part, type Row } from './check/row';
export { foldersOf, type Folders } from './folders';
export {
  fixForm,
  lint,
  proofsFile,
  readLintContext,
  readProofs,
  unproven,
  type Finding,
  type ProofResults,
  type Proven,
} from './lint';
export { notificationEnv, type NotificationEnv } from './notificationEnv';
export { leftId, pullFromGrafana, type PullResult } from './pull';
export { pullReport } from './pullReport';
export { writeSavedForms } from './savedForm';
export { describeUnit, FOLDER, unitId } from './units';
