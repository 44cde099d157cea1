export { applyToGrafana, type ApplyOptions, type ApplyResult } from './apply';
export { readTarget, type Target } from './auth';
export { foldersOf, type Folders } from './folders';
export { pullFromGrafana } from './pull';
export { describeUnit, FOLDER } from './units';
