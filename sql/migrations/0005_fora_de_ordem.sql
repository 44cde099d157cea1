-- The packages that fora_de_ordem lists, few of all. Its predicate names no column that another index does not name already, so an update
-- stays as cheap as it was.
CREATE INDEX pacotes_fora_de_ordem ON pacotes (data_entrega) WHERE data_entrega IS NOT NULL AND (aberto OR data_entrega = data_inicio);
