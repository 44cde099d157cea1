import {
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  VizOrientation,
  type DisplayValueAlignmentFactors,
  type FieldDisplay,
  type PanelProps,
} from '@grafana/data';
import { BarGauge, DataLinksContextMenu, VizRepeater, useTheme2 } from '@grafana/ui';
import type {
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  BarGaugeValueMode,
  VizTextDisplayOptions,
} from '@grafana/schema';
import React from 'react';
import { orientationOf, type ReducedOptions } from './reduced';

interface BarGaugeOptions extends ReducedOptions {
  displayMode: BarGaugeDisplayMode;
  namePlacement: BarGaugeNamePlacement;
  valueMode: BarGaugeValueMode;
  showUnfilled: boolean;
  minVizHeight: number;
  minVizWidth: number;
  maxVizHeight: number;
  text?: VizTextDisplayOptions;
}

/** The bar gauge panel, of what @grafana/ui exports. */
export function BarGaugePanel({
  data,
  options,
  fieldConfig,
  width,
  height,
  timeZone,
  replaceVariables,
  renderCounter,
}: PanelProps<BarGaugeOptions>) {
  const theme = useTheme2();
  const values = getFieldDisplayValues({
    fieldConfig,
    reduceOptions: options.reduceOptions,
    replaceVariables,
    theme,
    data: data.series,
    timeZone,
  });
  const orientation = orientationOf(options);
  return (
    <VizRepeater<FieldDisplay, DisplayValueAlignmentFactors>
      renderCounter={renderCounter}
      width={width}
      height={height}
      source={values}
      getValues={() => values}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      orientation={orientation}
      minVizHeight={options.minVizHeight}
      minVizWidth={options.minVizWidth}
      maxVizHeight={options.maxVizHeight}
      itemSpacing={8}
      renderValue={({ value, alignmentFactors, width: w, height: h, count }) => {
        const draw = (link: {
          openMenu?: React.MouseEventHandler<HTMLElement>;
          targetClassName?: string;
        }) => (
          <BarGauge
            value={value.display}
            width={w}
            height={h}
            theme={theme}
            field={value.field}
            display={value.view?.getFieldDisplayProcessor(value.colIndex ?? 0)}
            alignmentFactors={count === 1 ? undefined : alignmentFactors}
            orientation={orientation === VizOrientation.Auto ? VizOrientation.Horizontal : orientation}
            displayMode={options.displayMode}
            namePlacement={options.namePlacement}
            valueDisplayMode={options.valueMode}
            showUnfilled={options.showUnfilled}
            text={options.text}
            onClick={link.openMenu}
            className={link.targetClassName}
            isOverflow={false}
          />
        );
        return value.hasLinks && value.getLinks !== undefined ? (
          <DataLinksContextMenu links={value.getLinks} style={{ height: '100%' }}>
            {draw}
          </DataLinksContextMenu>
        ) : (
          draw({})
        );
      }}
    />
  );
}
