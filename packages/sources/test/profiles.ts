import { readProfile, type SourceProfile } from '../src/index';

/** A profile from YAML, which has to be right. */
export function profileOf(yaml: string, name = 'teste'): SourceProfile {
  const read = readProfile(`name: ${name}\ntitle: Teste\n${yaml}`, `${name}.yaml`);
  if (!read.ok) throw new Error(read.problems.map(({ line, text }) => `line ${line}: ${text}`).join('\n'));
  return read.profile;
}

/** The start of a profile of JSON with events at the top, for tests of one of its other parts. */
export const JSON_PROFILE = `format: json
carrier: Teste
events: eventos
fields:
  codigo: codigo
  data_atualizacao: quando
status:
  text: situacao
`;
