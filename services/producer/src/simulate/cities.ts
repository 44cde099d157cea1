export interface City {
  readonly name: string;
  /** Degrees. */
  readonly latitude: number;
  readonly longitude: number;
  /** Share of the parcels that start or end here, relative to the others. */
  readonly weight: number;
}

/** Brazilian capitals with their coordinates; weights follow population, roughly. */
export const CITIES: readonly City[] = [
  { name: 'São Paulo', latitude: -23.55, longitude: -46.63, weight: 12 },
  { name: 'Rio de Janeiro', latitude: -22.91, longitude: -43.17, weight: 6 },
  { name: 'Brasília', latitude: -15.79, longitude: -47.88, weight: 3 },
  { name: 'Salvador', latitude: -12.97, longitude: -38.5, weight: 3 },
  { name: 'Fortaleza', latitude: -3.73, longitude: -38.52, weight: 3 },
  { name: 'Belo Horizonte', latitude: -19.92, longitude: -43.94, weight: 3 },
  { name: 'Manaus', latitude: -3.12, longitude: -60.02, weight: 2 },
  { name: 'Curitiba', latitude: -25.43, longitude: -49.27, weight: 2 },
  { name: 'Recife', latitude: -8.05, longitude: -34.88, weight: 2 },
  { name: 'Porto Alegre', latitude: -30.03, longitude: -51.23, weight: 2 },
  { name: 'Natal', latitude: -5.79, longitude: -35.21, weight: 1 },
  { name: 'João Pessoa', latitude: -7.12, longitude: -34.86, weight: 1 },
];

const EARTH_RADIUS_KM = 6371;

/** Great-circle distance in kilometres (haversine formula). */
export function distanceKm(a: City, b: City): number {
  const rad = (degrees: number) => (degrees * Math.PI) / 180;
  const h =
    Math.sin(rad(b.latitude - a.latitude) / 2) ** 2 +
    Math.cos(rad(a.latitude)) * Math.cos(rad(b.latitude)) * Math.sin(rad(b.longitude - a.longitude) / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(h));
}
