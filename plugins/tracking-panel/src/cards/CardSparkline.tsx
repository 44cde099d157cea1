import { FieldColorModeId, type FieldConfig, type FieldSparkline } from '@grafana/data';
import { DrawStyle, type GraphFieldConfig, GraphGradientMode, Sparkline, useTheme2 } from '@grafana/ui';
import React, { useMemo } from 'react';
import { thinOut } from './thinOut';

export const SPARKLINE_HEIGHT = 44;
const FILL_OPACITY = 20;

interface Props {
  sparkline: FieldSparkline;
  color: string;
  width: number;
}

/** The series under a card's value. An ornament of a value that is written out: not for screen readers. */
export function CardSparkline({ sparkline, color, width }: Props) {
  const theme = useTheme2();
  const config = useMemo<FieldConfig<GraphFieldConfig>>(
    () => ({
      color: { mode: FieldColorModeId.Fixed, fixedColor: color },
      custom: {
        drawStyle: DrawStyle.Line,
        lineWidth: 1,
        fillOpacity: FILL_OPACITY,
        gradientMode: GraphGradientMode.Opacity,
      },
    }),
    [color]
  );
  const thin = useMemo(() => thinOut(sparkline, width), [sparkline, width]);
  return (
    <div aria-hidden style={{ height: SPARKLINE_HEIGHT }}>
      <Sparkline theme={theme} width={width} height={SPARKLINE_HEIGHT} sparkline={thin} config={config} />
    </div>
  );
}
