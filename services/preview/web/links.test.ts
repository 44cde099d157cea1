/** @jest-environment jsdom */
import { resolveDashboards, resolveLink } from './links';
import type { LinkModel } from './model';
import type { Scope } from './variables/interpolate';

const scope: Scope = {
  variables: new Map([
    [
      'origem',
      {
        model: { name: 'origem', type: 'query', multi: true },
        value: ['Natal', 'São Luís'],
        text: '',
        options: [],
      },
    ],
  ]),
  range: {
    from: Date.parse('2026-11-23T10:00:00Z'),
    to: Date.parse('2026-11-23T11:00:00Z'),
    raw: { from: 'now-1h', to: 'now' },
  },
  timeZone: 'utc',
  macros: {},
};
const link = (more: Partial<LinkModel>): LinkModel => ({ title: 'T', type: 'link', ...more });
const hrefOf = (more: Partial<LinkModel>) => resolveLink(link(more), scope).href;

test('a link keeps time and variables where it says so', () => {
  const kept = 'from=now-1h&to=now&timezone=utc&var-origem=Natal&var-origem=S%C3%A3o%20Lu%C3%ADs';
  expect(hrefOf({ url: '/d/torre' })).toBe('/d/torre');
  expect(hrefOf({ url: '/d/torre', keepTime: true })).toBe('/d/torre?from=now-1h&to=now&timezone=utc');
  expect(hrefOf({ url: '/d/torre', keepTime: true, includeVars: true })).toBe(`/d/torre?${kept}`);
  expect(hrefOf({ url: '/d/torre?a=1', keepTime: true, includeVars: true })).toBe(`/d/torre?a=1&${kept}`);
});

test('variables in title and address are filled in, and an address that would run a script is none', () => {
  expect(resolveLink(link({ title: 'De ${origem:csv}', targetBlank: true }), scope)).toMatchObject({
    title: 'De Natal,São Luís',
    target: '_blank',
  });
  expect(hrefOf({ url: 'javascript:alert(1)' })).toBe('about:blank');
});

test('links by tags lead to the other dashboards that have all of them', () => {
  const dashboards = [
    { uid: 'torre', title: 'Torre', url: '/d/torre', tags: ['rastreio', 'a'] },
    { uid: 'pacote', title: 'Pacote', url: '/d/pacote', tags: ['rastreio'] },
    { uid: 'lote', title: 'Lote', url: '/d/lote', tags: ['a', 'rastreio'] },
  ];
  const found = (tags: string[]) =>
    resolveDashboards(link({ tags, keepTime: true }), dashboards, 'torre', scope).map(({ title, href }) => [
      title,
      href,
    ]);
  expect(found(['rastreio'])).toEqual([
    ['Pacote', '/d/pacote?from=now-1h&to=now&timezone=utc'],
    ['Lote', '/d/lote?from=now-1h&to=now&timezone=utc'],
  ]);
  expect(found(['rastreio', 'a'])).toEqual([['Lote', '/d/lote?from=now-1h&to=now&timezone=utc']]);
  expect(found([])).toHaveLength(2);
});
