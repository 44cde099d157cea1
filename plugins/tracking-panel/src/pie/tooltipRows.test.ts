import { fillRegistries } from '../test/editors';
import { optionsWith, ORIGINAL, statusFrame, THEME, withOverrides } from '../test/frames';
import { buildModel } from '../frame/model';
import { type Slice } from '../statuses/types';
import { type TooltipMode } from './types';
import { tooltipRows } from './tooltipRows';

beforeAll(fillRegistries);

type Rows = Parameters<typeof statusFrame>[0];

function gathered(rows: Rows, top = 0): Slice[] {
  const model = buildModel(withOverrides([statusFrame(rows)]), optionsWith({ others: { top } }), THEME);
  return model.kind === 'ready' ? (model.statuses?.gathered ?? []) : [];
}

function namesOf(slices: Slice[], active: number, mode: TooltipMode, hideZeros = false) {
  const chosen = slices.at(active);
  if (!chosen) {
    throw new Error('no such slice');
  }
  const { rows, more } = tooltipRows(chosen, slices, { mode, hideZeros });
  return { names: rows.map(({ slice, isPart }) => (isPart ? `- ${slice.label}` : slice.label)), more };
}

const WITH_ZERO: Rows = [...ORIGINAL, ['POSTADO', 0]];

describe('tooltipRows', () => {
  it('lists one slice, all, or none', () => {
    const slices = gathered(ORIGINAL);
    expect(namesOf(slices, 1, 'single').names).toEqual(['EM ROTA DE ENTREGA']);
    expect(namesOf(slices, 1, 'multi').names).toEqual(slices.map(({ label }) => label));
    expect(namesOf(slices, 1, 'none').names).toEqual([]);
  });

  it('opens the gathered statuses where one points at them', () => {
    const slices = gathered(ORIGINAL, 4);
    expect(namesOf(slices, -1, 'single').names).toEqual(['Outros', '- AGUARDANDO RETIRADA', '- EM TRÂNSITO']);
    expect(namesOf(slices, 0, 'multi').names.at(-1)).toBe('Outros');
    expect(namesOf(slices, -1, 'multi').names.slice(-3)).toEqual([
      'Outros',
      '- AGUARDANDO RETIRADA',
      '- EM TRÂNSITO',
    ]);
  });

  it('leaves out zeros if asked', () => {
    expect(namesOf(gathered(WITH_ZERO), 0, 'multi').names).toContain('POSTADO');
    expect(namesOf(gathered(WITH_ZERO), 0, 'multi', true).names).not.toContain('POSTADO');
    expect(namesOf(gathered(WITH_ZERO, 4), -1, 'single', true).names).not.toContain('- POSTADO');
  });

  it('leaves out what an override hides, and says nothing over it', () => {
    const slices = gathered(ORIGINAL).map((slice) =>
      slice.id === 'EXTRAVIADO' ? { ...slice, hiddenFrom: { legend: false, tooltip: true } } : slice
    );
    expect(namesOf(slices, 0, 'multi').names).not.toContain('EXTRAVIADO');
    expect(namesOf(slices, 2, 'multi').names).toEqual([]);
  });

  it('never leaves the page: fifteen rows around the active one, and how many more', () => {
    const forty = gathered(Array.from({ length: 40 }, (_, index) => [`S${index}`, 100 - index] as const));
    expect(namesOf(forty, 0, 'multi')).toMatchObject({
      names: expect.arrayContaining(['S0', 'S14']),
      more: 25,
    });
    expect(namesOf(forty, 39, 'multi').names).toEqual(expect.arrayContaining(['S25', 'S39']));
    expect(namesOf(forty, 20, 'multi').names).toEqual(expect.arrayContaining(['S13', 'S20', 'S27']));
    const many = gathered(
      Array.from({ length: 40 }, (_, index) => [`S${index}`, 100 - index] as const),
      20
    );
    expect(namesOf(many, -1, 'multi').names.slice(0, 2)).toEqual(['Outros', '- S20']);
  });
});
