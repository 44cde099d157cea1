import { explainError } from './sqlErrors';

const error = (message: string, more: object = {}) => Object.assign(new Error(message), more);

test.each([
  [
    error('relation "torre" does not exist', { code: '42P01', position: '15' }),
    'Uma tabela ou visão da consulta não existe (faltam migrações?). relation "torre" does not exist (posição 15)',
  ],
  [
    error('column "x" does not exist', { code: '42703', hint: 'Perhaps you meant "y".' }),
    'Uma coluna da consulta não existe. column "x" does not exist Perhaps you meant "y".',
  ],
  [
    error('canceling statement due to statement timeout', { code: '57014' }),
    'A consulta demorou demais e foi interrompida; escolha um intervalo de tempo menor. canceling statement due to statement timeout',
  ],
  [
    error('permission denied for table x', { code: '42501' }),
    'O usuário da fonte de dados não pode ler isto. permission denied for table x',
  ],
  [
    error('the database system is starting up', { code: '57P03' }),
    'O banco de dados está parando ou começando. the database system is starting up',
  ],
  [error('', { code: 'ECONNREFUSED' }), 'O banco de dados não responde. ECONNREFUSED'],
  [
    error('Connection terminated unexpectedly'),
    'O banco de dados não responde. Connection terminated unexpectedly',
  ],
  [
    error('invalid input syntax for type json', { code: '22P02' }),
    'Um valor da consulta não tem a forma esperada. invalid input syntax for type json',
  ],
  [error('date out of range', { code: '22008' }), 'Um valor da consulta não serve. date out of range'],
  [error('something new', { code: 'XX000' }), 'something new'],
  ['text', 'text'],
])('%s', (given, text) => expect(explainError(given)).toBe(text));
