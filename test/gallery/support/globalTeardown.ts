/** Stops what globalSetup started. */
export default async function globalTeardown(): Promise<void> {
  await (globalThis as { stopGallery?: () => Promise<void> }).stopGallery?.();
}
