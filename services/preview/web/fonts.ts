import { useEffect, useState } from 'react';

/** What @grafana/ui writes with. */
const FACES = [
  '300 14px Inter',
  '400 14px Inter',
  '500 14px Inter',
  '600 14px Inter',
  '400 14px "Roboto Mono"',
];

/** Whether the fonts are there. Panels measure their texts once: with another font they would be laid out for that one. */
export function useFonts(): boolean {
  const [isLoaded, setIsLoaded] = useState(false);
  useEffect(() => {
    // A font that cannot be had is a reason to be ugly, not to show nothing.
    void Promise.allSettled(FACES.map((face) => document.fonts.load(face))).then(() => setIsLoaded(true));
  }, []);
  return isLoaded;
}
