/** What wants to stand at `top` and takes `height`. */
export interface Standing {
  top: number;
  height: number;
}

/**
 * Tops at which these stand, in their order, without overlap between `from` and `to`, as near to where they want to be
 * as that allows (least squares, by isotonic regression with the pool-adjacent-violators algorithm: Barlow et al.,
 * Statistical Inference under Order Restrictions, 1972). Their heights together must not exceed the room. `group` is the
 * same for those that stand shoulder to shoulder.
 */
export function stack(
  items: readonly Standing[],
  from: number,
  to: number
): Array<{ top: number; group: number }> {
  let used = 0;
  // Without the heights of those before it, each may stand anywhere not above the one before.
  const pools: Array<{ sum: number; count: number }> = [];
  for (const { top, height } of items) {
    let pool = { sum: top - used, count: 1 };
    used += height;
    for (
      let last = pools.at(-1);
      last && last.sum / last.count >= pool.sum / pool.count;
      last = pools.at(-1)
    ) {
      pools.pop();
      pool = { sum: pool.sum + last.sum, count: pool.count + last.count };
    }
    pools.push(pool);
  }
  const flat = pools.flatMap(({ sum, count }) => {
    const place = Math.max(from, Math.min(to - used, sum / count));
    return Array.from({ length: count }, () => place);
  });
  let before = 0;
  return items.map(({ height }, index) => {
    const group = flat[index] ?? from;
    const top = group + before;
    before += height;
    return { top, group };
  });
}
