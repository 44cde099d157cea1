import {
  type Field,
  FieldType,
  type FieldConfig,
  formattedValueToString,
  getDisplayProcessor,
} from '@grafana/data';
import { type NumberOptions, setNumberLanguage } from './locale';
import { THEME } from '../test/frames';
import { localised } from './localise';

const toLocaleString = Number.prototype.toLocaleString;

/** The browser's language, which Grafana's unit "locale" follows. */
function browserSpeaks(language: string): void {
  jest.spyOn(Number.prototype, 'toLocaleString').mockImplementation(function (
    this: number,
    locales?: Intl.LocalesArgument,
    options?: Intl.NumberFormatOptions
  ) {
    return toLocaleString.call(this, locales ?? language, options);
  });
}

afterEach(() => {
  jest.restoreAllMocks();
  setNumberLanguage('en-US');
});

function written(value: number | null, config: FieldConfig, options: Partial<NumberOptions> = {}): string {
  const field: Field = { name: 'n', type: FieldType.number, config, values: [value] };
  const own = getDisplayProcessor({ field, theme: THEME });
  return formattedValueToString(
    localised(own, field, { locale: 'viewer', counts: 'unit', ...options }, THEME)(value)
  );
}

it('the fault: Grafana itself writes one number as the browser does, and another with a point', () => {
  browserSpeaks('pt-BR');
  const field: Field = { name: 'n', type: FieldType.number, config: { unit: 'locale' }, values: [] };
  const grafana = (unit: string, value: number) =>
    formattedValueToString(
      getDisplayProcessor({ field: { ...field, config: { unit } }, theme: THEME })(value)
    );
  expect([grafana('locale', 72_779), grafana('percentunit', 0.729)]).toEqual(['72.779', '72.9%']);
});

describe.each([
  ['en-US', 'pt-BR'],
  ['pt-BR', 'en-US'],
  ['pt-BR', 'de-DE'],
])('Grafana in %s, browser in %s', (viewer, browser) => {
  beforeEach(() => {
    browserSpeaks(browser);
    setNumberLanguage(viewer);
  });
  const inViewer = (english: string) => (viewer === 'en-US' ? english : swapped(english));
  const swapped = (text: string) => text.replace(/[.,]/g, (mark) => (mark === ',' ? '.' : ','));

  it.each<[string | undefined, number, string]>([
    ['locale', 72_779, '72,779'],
    ['locale', 72_779.5, '72,779.5'],
    ['percentunit', 0.729, '72.9%'],
    ['percent', -3.5, '-3.50%'],
    ['short', 72_779, '72.8 K'],
    ['none', 72_779, '72779'],
    [undefined, 0.75, '0.750'],
    ['masskg', 1.5, '1.50 kg'],
    ['currencyBRL', 18.25, 'R$18.3'],
  ])('unit %s writes %s as the viewer does', (unit, value, english) => {
    expect(written(value, { unit })).toBe(inViewer(english));
  });

  it.each(['none', 'short', 'locale', ''])('asked for all digits, unit "%s" groups them', (unit) => {
    expect(written(1_234_567, { unit }, { counts: 'full' })).toBe(inViewer('1,234,567'));
    expect(written(1_234.5, { unit, decimals: 2 }, { counts: 'full' })).toBe(inViewer('1,234.50'));
    expect(written(0.934, { unit: 'percentunit' }, { counts: 'full' })).toBe(inViewer('93.4%'));
  });

  it('the locale may be told by the option, for every viewer', () => {
    expect(written(72_779, { unit: 'locale' }, { locale: 'pt-BR' })).toBe('72.779');
    expect(written(0.729, { unit: 'percentunit' }, { locale: 'pt-BR' })).toBe('72,9%');
    expect(written(72_779, { unit: 'locale' }, { locale: 'en-US' })).toBe('72,779');
  });

  it.each<[number | null, FieldConfig, string]>([
    [5, { mappings: [{ type: 'value', options: { 5: { text: '1.5' } } }] as never }, '1.5'],
    [1_700_000_000_000, { unit: 'time:YYYY.MM' }, '2023.11'],
    [null, { noValue: '1.5' }, '1.5'],
    [Number.NaN, { unit: 'locale' }, 'NaN'],
  ])('what is no plain number stays: %s with %j', (value, config, text) => {
    expect(written(value, config, { counts: 'full' })).toBe(text);
  });

  it('a mapping that gives a color alone leaves the number to the locale', () => {
    const mappings = [{ type: 'value', options: { 1.5: { color: 'red' } } }] as never;
    expect(written(1.5, { mappings })).toBe(inViewer('1.50'));
  });
});
