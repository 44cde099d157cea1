/** What went wrong, for a note: the first line of an error's message. */
export function oneLine(error: unknown): string {
  const message = (error as { message?: unknown }).message;
  return (typeof message === 'string' ? message : String(error)).split('\n')[0] ?? '';
}
