/** Lets the browser save a text as a file. */
export function downloadText(text: string, fileName: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}

/** A name for a file of `title`'s figures at `now`, without what file systems do not take: "Dados de Status 2026-11-24.csv". */
export function csvName(title: string, now: Date): string {
  const safe = title.replace(/[\\/:*?"<>|\p{Cc}\s]+/gu, ' ').trim();
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) =>
    String(part).padStart(2, '0')
  );
  return `${safe ? `${safe} ` : ''}${day.join('-')}.csv`;
}
