/** What PostgreSQL's error classes and codes mean to who looks at a panel. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const WORDS: Readonly<Record<string, string>> = {
  '08': 'A conexão com o banco de dados caiu',
  '22': 'Um valor da consulta não serve',
  '22012': 'A consulta divide por zero',
  '22P02': 'Um valor da consulta não tem a forma esperada',
  '25006': 'A consulta quer escrever; aqui só se lê',
  '28': 'O banco de dados não aceita o usuário ou a senha da fonte de dados',
  '3D': 'O banco de dados da fonte de dados não existe',
  '42501': 'O usuário da fonte de dados não pode ler isto',
  '42601': 'A consulta tem um erro de sintaxe',
  '42703': 'Uma coluna da consulta não existe',
  '42883': 'Uma função da consulta não existe, ou não com estes argumentos',
  '42P01': 'Uma tabela ou visão da consulta não existe (faltam migrações?)',
  '53': 'O banco de dados está sem recursos',
  '57014': 'A consulta demorou demais e foi interrompida; escolha um intervalo de tempo menor',
  '57P': 'O banco de dados está parando ou começando',
};

const NO_ANSWER = /^(?:ECONN|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE|EAI_AGAIN)/;

interface DatabaseError extends Error {
  readonly code?: string;
  readonly position?: string;
  readonly hint?: string;
}

/** An error of a query in words, followed by what the database itself said, where, and what it advises. */
export function explainError(error: unknown): string {
  if (!isError(error)) return String(error);
  const { code = '', position, hint } = error;
  const said = [
    error.message || code,
    position === undefined ? '' : `(posição ${position})`,
    hint === undefined ? '' : hint,
  ]
    .filter((part) => part !== '')
    .join(' ');
  const words = wordsFor(code, error.message);
  return words === undefined ? said : `${words}. ${said}`;
}

/** By its form: an error of another realm is no instance of this one's class. */
const isError = (value: unknown): value is DatabaseError =>
  typeof value === 'object' && value !== null && 'message' in value;

function wordsFor(code: string, message: string): string | undefined {
  if (
    NO_ANSWER.test(code) ||
    /terminated unexpectedly|timeout exceeded when trying to connect|Connection terminated/.test(message)
  )
    return 'O banco de dados não responde';
  return WORDS[code] ?? WORDS[code.slice(0, 3)] ?? WORDS[code.slice(0, 2)];
}
