/** Tries again as a consumer and an operator would: a deadlock or a lock's time-out is no answer. */
export async function again<T>(run: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!/^(40P01|55P03)$/.test((error as { code?: string }).code ?? '')) throw error;
    }
  }
}
