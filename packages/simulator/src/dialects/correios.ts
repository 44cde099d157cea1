import { formatTimestamp } from '@rastreio/contract';
import { isoLocal } from '../calendar';
import { UNSAID_PLACE } from '../told';
import type { SimulatedEvent } from '../world';
import type { Telling, Words } from './words';

/** `codigo-tipo` and `descricao` of the manual's list (config/sources/correios-sro.yaml). */
const WORDS: Readonly<Record<string, readonly [code: string, type: string, text: string]>> = {
  POSTADO: ['PO', '01', 'Objeto postado'],
  'EM TRÂNSITO': ['RO', '01', 'Objeto em transferência - por favor aguarde'],
  'EM ROTA DE ENTREGA': ['OEC', '01', 'Objeto saiu para entrega ao destinatário'],
  'TENTATIVA DE ENTREGA': ['BDE', '20', 'Objeto não entregue - carteiro não atendido'],
  'AGUARDANDO RETIRADA': ['LDI', '01', 'Objeto aguardando retirada no endereço indicado'],
  EXTRAVIADO: ['BDE', '50', 'Objeto roubado'],
  DEVOLVIDO: ['BDE', '23', 'Objeto devolvido ao remetente'],
  ENTREGUE: ['BDE', '01', 'Objeto entregue ao destinatário'],
};
/** What the profile has no word for: passed on as it is. */
const CANCELLED = 'Postagem cancelada pelo remetente';
const TAKEN_BACK = 'Favor desconsiderar a informação anterior';

const STATES: Readonly<Record<string, string>> = {
  'São Paulo': 'SP',
  'Rio de Janeiro': 'RJ',
  'Belo Horizonte': 'MG',
  Vitória: 'ES',
  Brasília: 'DF',
  Goiânia: 'GO',
  Cuiabá: 'MT',
  'Campo Grande': 'MS',
  Palmas: 'TO',
  Curitiba: 'PR',
  Florianópolis: 'SC',
  'Porto Alegre': 'RS',
  Recife: 'PE',
  Salvador: 'BA',
  Fortaleza: 'CE',
  Natal: 'RN',
  'João Pessoa': 'PB',
  Maceió: 'AL',
  Aracaju: 'SE',
  Teresina: 'PI',
  'São Luís': 'MA',
  Belém: 'PA',
  Macapá: 'AP',
  Manaus: 'AM',
  'Boa Vista': 'RR',
  'Porto Velho': 'RO',
  'Rio Branco': 'AC',
};
const AT_THE_ORIGIN = ['POSTADO', 'EM TRÂNSITO', 'CANCELADO'];

const SERIALS = 100_000_000;
const WEIGHTS = [8, 6, 4, 2, 3, 5, 9, 7] as const;

/**
 * A tracking number by the UPU's standard S10: two letters, eight digits, a check digit and the country. Letters that begin with J "cannot be
 * assigned", so no post has such a parcel.
 *
 * @param id of the parcel in its world; numbers of other seeds begin elsewhere, and there are 2,600 million in all
 */
function postalNumber(id: number): string {
  const letter = String.fromCharCode(65 + (Math.floor(id / SERIALS) % 26));
  const digits = String(id % SERIALS).padStart(8, '0');
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
  const rest = 11 - (sum % 11);
  return `J${letter}${digits}${rest === 10 ? 0 : rest === 11 ? 5 : rest}BR`;
}

/** The answer of Correios' API Rastro, read by the profile correios-sro. Times are Brasília's, places those of the scan alone. */
export const CORREIOS: Words = {
  transportadora: 'CORREIOS',
  codeOf(id) {
    const stored = postalNumber(id);
    return { sent: stored, stored };
  },
  payload: (telling) => ({
    versao: '3.4.0',
    quantidade: 1,
    resultado: 'Último Evento',
    objetos: [
      {
        codObjeto: telling.code.sent,
        tipoPostal: { sigla: telling.code.sent.slice(0, 2), descricao: 'SEDEX', categoria: 'SEDEX' },
        dtPrevista: `${telling.day}T23:59:59`,
        eventos: [eventOf(telling)],
      },
    ],
  }),
  statusOf(status) {
    if (status in WORDS) return status;
    return status === 'CANCELADO' ? CANCELLED.toUpperCase() : status;
  },
  placesOf: () => ({ origem: UNSAID_PLACE, destino: UNSAID_PLACE }),
  promiseOf: ({ day, atMs }) => ({
    until: formatTimestamp(Date.parse(`${day}T23:59:59-03:00`)),
    at: formatTimestamp(atMs),
  }),
};

function eventOf({ event, atMs, takesBack }: Telling): object {
  const [codigo, tipo, descricao] = takesBack
    ? ['EST', '01', TAKEN_BACK]
    : (WORDS[event.status_rastreamento] ?? ['ZZZ', '99', textOf(event)]);
  const city = AT_THE_ORIGIN.includes(event.status_rastreamento) ? event.origem : event.destino;
  return {
    codigo,
    tipo,
    dtHrCriado: isoLocal(atMs).replace('.000', ''),
    descricao,
    unidade: {
      tipo: 'Unidade de Tratamento',
      endereco: { cidade: city.toUpperCase(), ...(city in STATES ? { uf: STATES[city] } : {}) },
    },
  };
}

function textOf({ status_rastreamento: status }: SimulatedEvent): string {
  return status === 'CANCELADO' ? CANCELLED : status;
}
