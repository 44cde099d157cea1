import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import i18next from 'i18next';
import ts from 'typescript';
import { PLUGIN_ID } from './constants';
import { formatPercent, setNumberLanguage } from './locale';
import pluginJson from './plugin.json';

type Tree = { [key: string]: string | Tree };

const flatten = (tree: Tree, prefix = ''): Array<[string, string]> =>
  Object.entries(tree).flatMap(([key, value]): Array<[string, string]> =>
    typeof value === 'string' ? [[prefix + key, value]] : flatten(value, `${prefix}${key}.`)
  );

const textsOf = (language: string) =>
  new Map(flatten(JSON.parse(readFileSync(path.join(__dirname, 'locales', language, `${PLUGIN_ID}.json`), 'utf8'))));

/** Keys and defaults of every `t()` in the sources. Grafana 13.1 and later do not load en-US: the defaults are it. */
function textsInSource(): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 't') {
      const [key, text, values] = node.arguments;
      if (!key || !text || !ts.isStringLiteral(key) || !ts.isStringLiteral(text)) {
        throw new Error(
          `t() needs a literal key and a literal default, so that they can be extracted: ${node.getText()}`
        );
      }
      const plurals = values && ts.isObjectLiteralExpression(values) ? pluralsOf(values) : [];
      (plurals.length ? plurals : [['', text.text] as const]).forEach(([form, value]) =>
        found.set(key.text + form, value)
      );
    }
    ts.forEachChild(node, visit);
  };
  for (const file of readdirSync(__dirname, { recursive: true, encoding: 'utf8' })) {
    if (/(?<!\.test)\.tsx?$/.test(file)) {
      const text = readFileSync(path.join(__dirname, file), 'utf8');
      visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
    }
  }
  return found;
}

const pluralsOf = (values: ts.ObjectLiteralExpression): Array<readonly [string, string]> =>
  values.properties.flatMap((property) => {
    const form = property.name && /^defaultValue(_\w+)$/.exec(property.name.getText())?.[1];
    return form && ts.isPropertyAssignment(property) && ts.isStringLiteral(property.initializer)
      ? [[form, property.initializer.text] as const]
      : [];
  });

const placeholders = (text: string) => [...text.matchAll(/\{\{\w+\}\}/g)].map(([found]) => found).sort();

describe('translations', () => {
  const english = textsOf('en-US');
  const portuguese = textsOf('pt-BR');

  it('are declared in plugin.json', () => {
    expect(pluginJson.languages).toEqual(readdirSync(path.join(__dirname, 'locales')).sort());
  });

  it('has in en-US what the sources say', () => {
    expect(new Map([...english].sort())).toEqual(new Map([...textsInSource()].sort()));
  });

  it('has every text in Portuguese, with the same placeholders', () => {
    // Portuguese has a third plural form, for millions.
    const forms = [...english.keys()].flatMap((key) =>
      key.endsWith('_other') ? [key, key.replace(/_other$/, '_many')] : [key]
    );
    expect([...portuguese.keys()].sort()).toEqual(forms.sort());
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
    setNumberLanguage('pt-BR');
    expect(formatPercent(51.7, 1)).toBe('51,7%');
    setNumberLanguage('en-US');
    expect(formatPercent(0, 2)).toBe('0.00%');
  });
});
