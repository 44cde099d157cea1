-- Events come nearly in the order of their instants, so that a summary of each 16 pages finds those of a range: it takes a hundredth of the
-- room of the index from before and costs a batch next to nothing. Multi: a late event does not stretch its pages' range over all that lies
-- between. docs/decisions/0028 has the figures. It locks out writers while it reads all events once.
DROP INDEX eventos_rastreamento_data_evento_idx;
CREATE INDEX eventos_rastreamento_data_evento ON eventos_rastreamento
  USING brin (data_evento timestamptz_minmax_multi_ops) WITH (pages_per_range = 16, autosummarize = on);
