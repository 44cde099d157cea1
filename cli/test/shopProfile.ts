import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder for a source profile `loja`, and what writes it there with one format of dates. */
export async function shopProfile(): Promise<{ dir: string; profile: (date: string) => Promise<void> }> {
  const dir = await mkdtemp(path.join(tmpdir(), 'rastreio-loja-'));
  const profile = (date: string) => writeFile(path.join(dir, 'loja.yaml'), textOf(date));
  return { dir, profile };
}

const textOf = (date: string) => `name: loja
title: Loja
format: json
events: eventos
dates: { zone: America/Sao_Paulo, formats: [${date}] }
fields: { id_pacote: n, origem: de, destino: para, data_atualizacao: t }
status: { text: s, texts: { ENTREGUE: [chegou] } }
`;
