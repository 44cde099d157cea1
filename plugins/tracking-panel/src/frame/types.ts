/** Which parts the panel has. */
export interface PartOptions {
  pie: boolean;
  cards: boolean;
  table: boolean;
}

export interface StaleOptions {
  /** Age in seconds from which the data are called old; 0: only when a query has failed. */
  afterSeconds: number;
}

export interface TitleOptions {
  pieHeading: string;
  pie: string;
  meanHeading: string;
  mean: string;
  totalHeading: string;
  total: string;
  table: string;
  others: string;
  empty: string;
  /** Instead of a value that nobody knows. */
  unknown: string;
}

export const DEFAULT_PART_OPTIONS: PartOptions = { pie: true, cards: true, table: true };

export const DEFAULT_STALE_OPTIONS: StaleOptions = { afterSeconds: 0 };

/**
 * The titles are content, not interface: they are the words of the dashboard this panel was made for, stay the same in
 * every viewer's language, and can be edited.
 */
export const DEFAULT_TITLES: TitleOptions = {
  pieHeading: 'Pacotes por Status Atual',
  pie: 'Distribuição de Status',
  meanHeading: 'Tempo Médio de Entrega',
  mean: 'Média do Envio à Entrega',
  totalHeading: 'Total de Pacotes',
  total: 'Total de Pacotes Únicos no Sistema',
  table: 'Dados de Status',
  others: 'Outros',
  empty: 'Aguardando dados... Verifique se o consumidor Kafka e o banco de dados estão em execução.',
  unknown: 'sem dados',
};
