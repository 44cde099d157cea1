export { makeKey } from './http/keys';
export { startHttp } from './http/start';
export { startPull } from './pull/start';
