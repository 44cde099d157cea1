import {
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  type DisplayValueAlignmentFactors,
  type FieldDisplay,
  type PanelProps,
} from '@grafana/data';
import {
  BigValue,
  BigValueGraphMode,
  BigValueTextMode,
  DataLinksContextMenu,
  VizRepeater,
  useTheme2,
  type BigValueColorMode,
  type BigValueJustifyMode,
} from '@grafana/ui';
import type { PercentChangeColorMode, VizTextDisplayOptions } from '@grafana/schema';
import React from 'react';
import { orientationOf, type ReducedOptions } from './reduced';

interface StatOptions extends ReducedOptions {
  colorMode: BigValueColorMode;
  graphMode: BigValueGraphMode;
  justifyMode: BigValueJustifyMode;
  textMode: BigValueTextMode;
  text?: VizTextDisplayOptions;
  wideLayout?: boolean;
  showPercentChange?: boolean;
  percentChangeColorMode?: PercentChangeColorMode;
}

/** The stat panel, of what @grafana/ui exports. */
export function Stat({
  data,
  options,
  fieldConfig,
  title,
  width,
  height,
  timeZone,
  timeRange,
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
    sparkline: options.graphMode !== BigValueGraphMode.None,
    percentChange: options.showPercentChange,
    timeZone,
  });
  // A name that was set, or the lack of a title, calls for names.
  const textMode =
    options.textMode === BigValueTextMode.Auto && (fieldConfig.defaults.displayName || title === '')
      ? BigValueTextMode.ValueAndName
      : options.textMode;
  return (
    <VizRepeater<FieldDisplay, DisplayValueAlignmentFactors>
      renderCounter={renderCounter}
      width={width}
      height={height}
      source={data}
      getValues={() => values}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      itemSpacing={3}
      autoGrid
      orientation={orientationOf(options)}
      renderValue={({ value, alignmentFactors, count, width: w, height: h }) => {
        const draw = (link: {
          openMenu?: React.MouseEventHandler<HTMLElement>;
          targetClassName?: string;
        }) => (
          <BigValue
            value={value.display}
            count={count}
            sparkline={value.sparkline && { ...value.sparkline, timeRange }}
            width={w}
            height={h}
            theme={theme}
            colorMode={options.colorMode}
            graphMode={options.graphMode}
            justifyMode={options.justifyMode}
            textMode={textMode}
            alignmentFactors={alignmentFactors}
            text={options.text}
            onClick={link.openMenu}
            className={link.targetClassName}
            disableWideLayout={options.wideLayout === false}
            percentChangeColorMode={options.percentChangeColorMode}
          />
        );
        return value.hasLinks && value.getLinks !== undefined ? (
          <DataLinksContextMenu links={value.getLinks}>{draw}</DataLinksContextMenu>
        ) : (
          draw({})
        );
      }}
    />
  );
}
