/** Why Grafana would end the evaluation in an error. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}
