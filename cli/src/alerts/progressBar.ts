import { Presets, SingleBar } from 'cli-progress';

export interface ProgressBar {
  /** Goes on to a part of the work. */
  readonly show: (what: string, done: number, total: number) => void;
  readonly stop: () => void;
}

/** Progress on a terminal; elsewhere nothing. */
export function createProgressBar(stream: NodeJS.WriteStream): ProgressBar {
  if (!stream.isTTY) return { show: () => undefined, stop: () => undefined };
  const format = '{bar} {percentage} % | {what} | {eta_formatted} left';
  // The terminal's settings stay as they are, so that Ctrl-C has nothing to restore.
  const bar = new SingleBar(
    { stream, format, barsize: 20, etaBuffer: 50, linewrap: true },
    Presets.shades_grey,
  );
  let shown: string | undefined;
  return {
    show(what, done, total) {
      if (shown !== what) {
        if (shown !== undefined) bar.stop();
        bar.start(total, done, { what });
        shown = what;
      }
      bar.update(done);
    },
    stop() {
      if (shown !== undefined) bar.stop();
    },
  };
}
