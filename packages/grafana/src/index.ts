export { applyToGrafana, type ApplyOptions, type ApplyResult } from './apply';
export { applyReport } from './applyReport';
export { readTarget, type Auth, type Target } from './auth';
export { foldersOf, type Folders } from './folders';
export { pullFromGrafana, type PullOptions, type PullResult } from './pull';
export { describeUnit, FOLDER } from './units';
