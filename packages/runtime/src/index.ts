export { replaceFile } from './atomicFile';
export { backoffMs, retryAfterMs } from './backoff';
export { type WrongSetting, loadConfig, wrongSettings } from './config';
export { durationMs, parseDuration } from './duration';
export { EXIT, OperatorError } from './exitCodes';
export { type Failpoint, createFailpoint } from './failpoint';
export {
  type HttpTimes,
  addHeaders,
  ANSWER_HEADERS,
  HTTP_TIMES,
  MAX_HEADER_BYTES,
  serverOptions,
} from './httpServer';
export { type Log, type LogLevel, LOG_LEVELS, createLog } from './log';
export { type Health, addHealthRoutes, addOpsRoutes, startOpsServer } from './opsServer';
export { foreignHost, hostsOf, isLoopback, LOOPBACK_NAMES, refuseOtherSites } from './otherSites';
export { printable, printableJson, printableLines } from './printable';
export { refuseSwallowed, runProgram } from './program';
export { type Running, runService, runCommand } from './run';
export { numberAbove, numberIn, port, wholeNumber } from './numberOptions';
export { type Explained, explainTlsFailure } from './tls/failure';
export { type TlsFiles, type TlsNames, type TlsPaths, readTlsFiles, unreadable } from './tls/files';
export { type YamlProblem, loadYaml, parseYaml, readYaml } from './yamlFile';
export { hideKnown, keepSecret, keepSecretsOf, redact } from './secrets';
