import { OperatorError, EXIT } from '@rastreio/runtime';

/** Where a dead letter came from: its key in `eventos_rejeitados`. For a line of a CSV file the offset is the line. */
export interface Place {
  readonly topico: string;
  readonly particao: number;
  /** As text: an offset may be larger than a safe integer. */
  readonly deslocamento: string;
  /** Which letter of this topic, partition and offset: 1, and more where a topic made anew has used them again. */
  readonly vida: number;
}

/** `topic:partition:offset`, and `@n` behind it for the n-th letter there. */
export function formatPlace({ topico, particao, deslocamento, vida }: Place): string {
  return `${topico}:${particao}:${deslocamento}${vida === 1 ? '' : `@${vida}`}`;
}

/** Reads what {@link formatPlace} writes; the topic may contain colons itself. @throws OperatorError (usage) */
export function parsePlace(text: string): Place {
  const match = /^(.+):(\d{1,9}):(\d{1,18})(?:@(\d{1,9}))?$/s.exec(text.trim());
  if (match === null)
    throw new OperatorError(
      `"${text}" is no place; give TOPIC:PARTITION:OFFSET, as "npm run dlq -- list" shows it`,
      EXIT.usage,
    );
  return {
    topico: match[1] ?? '',
    particao: Number(match[2]),
    deslocamento: String(BigInt(match[3] ?? '')),
    vida: Number(match[4] ?? 1),
  };
}
