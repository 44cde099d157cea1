import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import i18next from 'i18next';
import { PLUGIN_ID } from './constants';
import { numberFormatOf, setNumberLanguage } from './shared/locale';
import { DEFAULT_OPTIONS } from './types';
import pluginJson from './plugin.json';
import { flatten, portugueseKeys, textsInSource, translationFor, unflatten } from './test/translations';

const textsOf = (language: string) =>
  new Map(
    flatten(JSON.parse(readFileSync(path.join(__dirname, 'locales', language, `${PLUGIN_ID}.json`), 'utf8')))
  );

const placeholders = (text: string) => [...text.matchAll(/\{\{\w+\}\}/g)].map(([found]) => found).sort();

describe('translations', () => {
  const english = textsOf('en-US');
  const portuguese = textsOf('pt-BR');

  it('are declared in plugin.json', () => {
    expect(pluginJson.languages).toEqual(readdirSync(path.join(__dirname, 'locales')).sort());
  });

  it('has in en-US what the sources say', () => {
    expect(new Map([...english].sort())).toEqual(new Map([...textsInSource(__dirname)].sort()));
  });

  it('has every text in Portuguese, with the same placeholders', () => {
    expect([...portuguese.keys()].sort()).toEqual(portugueseKeys(english).sort());
    for (const [key, text] of portuguese) {
      expect(placeholders(text)).toEqual(placeholders(english.get(key.replace(/_many$/, '_other')) ?? ''));
      expect(text.trim()).not.toBe('');
    }
  });

  it('counts packages in Portuguese', () => {
    i18next.addResourceBundle('pt-BR', PLUGIN_ID, Object.fromEntries(portuguese), false, true);
    const name = (count: number) =>
      i18next.getFixedT('pt-BR', PLUGIN_ID)('pie.slice-name', {
        name: 'ENTREGUE',
        value: count,
        percent: '51,7',
        count,
        keySeparator: false,
      });
    expect(name(1)).toBe('ENTREGUE, 1 pacote, 51,7 %');
    expect(name(15)).toBe('ENTREGUE, 15 pacotes, 51,7 %');
    expect(name(1_000_000)).toBe('ENTREGUE, 1000000 pacotes, 51,7 %');
  });

  it("writes percents in the viewer's language", () => {
    const percent = (value: number, decimals: number) =>
      numberFormatOf(DEFAULT_OPTIONS.numbers).percent(value, decimals);
    setNumberLanguage('pt-BR');
    expect(percent(51.7, 1)).toBe('51,7%');
    setNumberLanguage('en-US');
    expect(percent(0, 2)).toBe('0.00%');
  });

  it('keeps what is translated, adds what is new and drops what is gone', () => {
    const known = new Map([
      ['a.kept', 'mantido'],
      ['a.gone', 'antigo'],
    ]);
    const updated = translationFor(['b.new', 'a.kept'], known);
    expect(unflatten(updated)).toEqual({ a: { kept: 'mantido' }, b: { new: '' } });
    expect(new Map(flatten(unflatten(english)))).toEqual(english);
  });
});
