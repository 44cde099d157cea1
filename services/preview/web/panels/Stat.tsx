import { getFieldDisplayValues, type PanelProps } from '@grafana/data';
import {
  BigValue,
  VizRepeater,
  useTheme2,
  type BigValueColorMode,
  type BigValueGraphMode,
  type BigValueJustifyMode,
  type BigValueTextMode,
} from '@grafana/ui';
import React from 'react';
import { orientationOf, type ReducedOptions } from './reduced';

interface StatOptions extends ReducedOptions {
  colorMode: BigValueColorMode;
  graphMode: BigValueGraphMode;
  justifyMode: BigValueJustifyMode;
  textMode: BigValueTextMode;
}

/** The stat panel, of what @grafana/ui exports. */
export function Stat({
  data,
  options,
  fieldConfig,
  width,
  height,
  timeZone,
  replaceVariables,
  renderCounter,
}: PanelProps<StatOptions>) {
  const theme = useTheme2();
  const values = getFieldDisplayValues({
    fieldConfig,
    reduceOptions: options.reduceOptions,
    replaceVariables,
    theme,
    data: data.series,
    timeZone,
  });
  return (
    <VizRepeater
      renderCounter={renderCounter}
      width={width}
      height={height}
      source={values}
      getValues={() => values}
      orientation={orientationOf(options)}
      renderValue={({ value, width: w, height: h }) => (
        <BigValue
          value={value.display}
          width={w}
          height={h}
          theme={theme}
          colorMode={options.colorMode}
          graphMode={options.graphMode}
          justifyMode={options.justifyMode}
          textMode={options.textMode}
        />
      )}
    />
  );
}
