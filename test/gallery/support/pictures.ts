import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { Comparison, Part, Verdict } from './compareProcess';

export const PICTURES = path.resolve(__dirname, '../pictures');
export const DIFFERENT = path.resolve(__dirname, '../different');

/** Compares screenshots with the accepted pictures; with ACCEPT_PICTURES, makes those that differ the accepted ones. */
export class Pictures {
  private readonly child: ChildProcess = fork(path.join(__dirname, 'compareProcess.ts'), {
    execArgv: ['--import', 'tsx'],
  });
  private last = 0;

  /** @param folder where the accepted ones are */
  constructor(private readonly folder = PICTURES) {}

  /** What differs, in words; empty if nothing does. */
  compare(name: string, screenshot: Buffer, parts: readonly Part[]): Promise<readonly string[]> {
    const id = ++this.last;
    const accepts = process.env.ACCEPT_PICTURES === '1';
    const { folder } = this;
    const request: Comparison = {
      id,
      folder,
      name,
      screenshot: screenshot.toString('base64'),
      parts,
      accepts,
    };
    return new Promise((resolve, reject) => {
      const take = (verdict: Verdict) => {
        if (verdict.id !== id) return;
        this.child.off('message', take);
        this.child.off('exit', ended);
        resolve(verdict.problems);
      };
      const ended = () => reject(new Error('the comparing process ended'));
      this.child.on('message', take);
      this.child.once('exit', ended);
      this.child.send(request);
    });
  }

  close(): void {
    this.child.disconnect();
  }
}
