import { addCards } from './cards/options';
import { addNumbers } from './frame/numberOptions';
import { addData, addParts, addStale, addTitles } from './frame/options';
import { addSelection } from './interaction/options';
import { addLegend, addTooltip } from './pie/legendOptions';
import { addOthers, addPie } from './pie/options';
import { type Builder } from './shared/editor';
import { addTable } from './table/options';

/** Puts every option of the panel into Grafana's editor, grouped; those without effect stay hidden. */
export function addOptions(builder: Builder): void {
  addParts(builder);
  addData(builder);
  addNumbers(builder);
  addPie(builder);
  addOthers(builder);
  addLegend(builder);
  addTooltip(builder);
  addCards(builder);
  addTable(builder);
  addSelection(builder);
  addStale(builder);
  addTitles(builder);
}
