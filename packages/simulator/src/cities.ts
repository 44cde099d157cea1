export interface City {
  readonly name: string;
  /** Degrees. */
  readonly latitude: number;
  readonly longitude: number;
  /** Parcels that start or end here, relative to the others. */
  readonly weight: number;
  /** City through which parcels enter and leave its region. */
  readonly gateway: string;
}

/** Brazil's capitals with their coordinates; weights follow the population of their metropolitan areas, roughly. */
export const CITIES: readonly City[] = [
  city('São Paulo', -23.55, -46.63, 40, 'São Paulo'),
  city('Rio de Janeiro', -22.91, -43.17, 22, 'São Paulo'),
  city('Belo Horizonte', -19.92, -43.94, 11, 'São Paulo'),
  city('Vitória', -20.32, -40.34, 4, 'São Paulo'),
  city('Brasília', -15.79, -47.88, 8, 'Brasília'),
  city('Goiânia', -16.69, -49.25, 5, 'Brasília'),
  city('Cuiabá', -15.6, -56.1, 2, 'Brasília'),
  city('Campo Grande', -20.44, -54.65, 2, 'Brasília'),
  city('Palmas', -10.18, -48.33, 1, 'Brasília'),
  city('Curitiba', -25.43, -49.27, 7, 'Curitiba'),
  city('Florianópolis', -27.6, -48.55, 3, 'Curitiba'),
  city('Porto Alegre', -30.03, -51.23, 8, 'Curitiba'),
  city('Recife', -8.05, -34.88, 8, 'Recife'),
  city('Salvador', -12.97, -38.5, 8, 'Recife'),
  city('Fortaleza', -3.73, -38.52, 8, 'Recife'),
  city('Natal', -5.79, -35.21, 3, 'Recife'),
  city('João Pessoa', -7.12, -34.86, 2, 'Recife'),
  city('Maceió', -9.67, -35.74, 2, 'Recife'),
  city('Aracaju', -10.95, -37.07, 2, 'Recife'),
  city('Teresina', -5.09, -42.8, 2, 'Recife'),
  city('São Luís', -2.53, -44.3, 2, 'Recife'),
  city('Belém', -1.46, -48.5, 5, 'Belém'),
  city('Macapá', 0.03, -51.07, 1, 'Belém'),
  city('Manaus', -3.12, -60.02, 4, 'Manaus'),
  city('Boa Vista', 2.82, -60.67, 1, 'Manaus'),
  city('Porto Velho', -8.76, -63.9, 1, 'Manaus'),
  city('Rio Branco', -9.97, -67.81, 1, 'Manaus'),
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

function city(name: string, latitude: number, longitude: number, weight: number, gateway: string): City {
  return { name, latitude, longitude, weight, gateway };
}
