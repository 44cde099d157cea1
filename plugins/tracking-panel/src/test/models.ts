import { type DataFrame } from '@grafana/data';
import { buildModel } from '../frame/model';
import { optionsWith, THEME, withOverrides } from './frames';

/** What the panel draws of these frames. @throws Error where it says something instead */
export function ready(frames: DataFrame[], options = optionsWith()) {
  const model = buildModel(withOverrides(frames), options, THEME);
  if (model.kind !== 'ready') {
    throw new Error(`expected a model to draw, got ${model.kind}`);
  }
  return model;
}
