export { makeKey } from './http/keys';
export { proofOf } from './http/sources/authorize';
export { readSecret } from './http/sources/profiles';
export { startHttp } from './http/start';
export { startPull } from './pull/start';
