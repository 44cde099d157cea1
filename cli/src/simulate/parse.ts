import { parseDuration } from '@rastreio/runtime';
import { CITIES, FAULTS, INCIDENTS, NO_FAULTS } from '@rastreio/simulator';
import type { Fault, FaultRates, IncidentKind, IncidentSpec } from '@rastreio/simulator';
import { InvalidArgumentError } from 'commander';

/** Reads `dup=.01,late=.02`. @throws InvalidArgumentError that lists every problem */
export function parseFaults(text: string): FaultRates {
  const problems: string[] = [];
  const rates: Record<Fault, number> = { ...NO_FAULTS };
  for (const part of text.split(',').filter((p) => p.trim() !== '')) {
    const [name = '', value = ''] = part.split('=').map((p) => p.trim());
    const rate = Number(value);
    if (!(name in FAULTS)) problems.push(`${name}: no such fault; use ${Object.keys(FAULTS).join(', ')}`);
    else if (value === '' || !(rate >= 0 && rate <= 1))
      problems.push(`${name}=${value}: needs a share from 0 to 1`);
    else rates[name as Fault] = rate;
  }
  if (problems.length > 0) throw new InvalidArgumentError(problems.join('; '));
  return rates;
}

const SETTINGS = ['hub', 'at', 'for', 'share'] as const;

/** Reads `frozen_hub:hub=Recife,at=5d,for=2d`. @throws InvalidArgumentError that lists every problem */
export function parseIncident(text: string): IncidentSpec {
  const [kind = '', list = ''] = text.split(/:(.*)/s);
  const problems: string[] = [];
  if (!(kind in INCIDENTS))
    problems.push(`${kind}: no such incident; use ${Object.keys(INCIDENTS).join(', ')}`);
  const settings: Record<string, string> = {};
  for (const part of list.split(',').filter((p) => p.trim() !== '')) {
    const [name = '', value = ''] = part.split('=').map((p) => p.trim());
    if (!(SETTINGS as readonly string[]).includes(name))
      problems.push(`${name}: no such setting of an incident; use ${SETTINGS.join(', ')}`);
    else settings[name] = value;
  }
  const read = <T>(value: string | undefined, parse: (text: string) => T): T | undefined => {
    if (value === undefined) return undefined;
    try {
      return parse(value);
    } catch (error) {
      problems.push((error as Error).message);
      return undefined;
    }
  };
  const spec = {
    kind: kind as IncidentKind,
    hub: read(settings.hub, parseHub),
    atMs: read(settings.at, parseDuration),
    forMs: read(settings.for, parseDuration),
    share: read(settings.share, parseShare),
  };
  if (problems.length > 0) throw new InvalidArgumentError(problems.join('; '));
  return spec;
}

/** A place as the simulated world writes it, whatever the case; another text as it is: a fitted world has other places. */
export function parseHub(text: string): string {
  const found = CITIES.find(({ name }) => name.localeCompare(text, 'pt-BR', { sensitivity: 'base' }) === 0);
  return found?.name ?? text;
}

function parseShare(text: string): number {
  const share = Number(text);
  if (text === '' || !(share >= 0 && share <= 1))
    throw new InvalidArgumentError(`share=${text}: needs a share from 0 to 1`);
  return share;
}
