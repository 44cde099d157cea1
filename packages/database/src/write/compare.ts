/** Orders canonical timestamps, which are ASCII: for them JavaScript's own order is that of code points. */
export function compareAscii(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
