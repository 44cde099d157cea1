export { type VerifyResult, verify } from './verify';
