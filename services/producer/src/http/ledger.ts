import type { HttpLimits } from './httpLimits';
import { PROBLEMS, RefusedError } from './problem';

/** What one request holds of its body in memory. */
export interface HeldBody {
  /** Holds more bytes. @throws RefusedError (503) where there is no room for them */
  readonly hold: (bytes: number) => void;
  /** Gives back all that is held. */
  readonly release: () => void;
}

/** The bodies being read, together and by who sends them. */
export interface BodyLedger {
  readonly open: (who: string) => HeldBody;
}

/** What one sender may hold of the memory for bodies; the rest is for others. */
const SHARE = 0.5;

/**
 * Counts the bytes that have arrived, not those that are announced: a body that stands still takes no room from others. All
 * together hold at most `maxPendingBytes`, one sender half of that (but always one body of the largest size).
 */
export function createBodyLedger({ maxPendingBytes, maxBodyBytes }: HttpLimits): BodyLedger {
  const share = Math.max(maxPendingBytes * SHARE, maxBodyBytes);
  const bySender = new Map<string, number>();
  let all = 0;
  const change = (who: string, by: number) => {
    all += by;
    const own = (bySender.get(who) ?? 0) + by;
    if (own === 0) bySender.delete(who);
    else bySender.set(who, own);
  };
  return {
    open(who) {
      let held = 0;
      return {
        hold(bytes) {
          if (all + bytes > maxPendingBytes) refuse(`${all} bytes of other requests are being read`);
          const own = bySender.get(who) ?? 0;
          if (own + bytes > share) refuse(`${own} bytes of your other requests are being read`);
          held += bytes;
          change(who, bytes);
        },
        release() {
          change(who, -held);
          held = 0;
        },
      };
    },
  };
}

function refuse(why: string): never {
  throw new RefusedError(PROBLEMS.overloaded(why));
}
