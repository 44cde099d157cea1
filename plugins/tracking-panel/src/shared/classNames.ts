import { cx } from '@emotion/css';

const known = new Map<string, string>();

/**
 * Emotion's `cx`, asked once for every combination of classes: it puts their styles together anew at each call, which
 * hundreds of slices and rows would pay for at every refresh.
 */
export function classNames(...names: Array<string | false | undefined>): string {
  let key = '';
  for (const name of names) {
    key = name ? `${key} ${name}` : key;
  }
  const answer = known.get(key) ?? cx(key.trimStart());
  known.set(key, answer);
  return answer;
}
