// Only the parts of ECharts that are drawn with, so that the bundle stays small.
import { LineChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { EChartsCoreOption } from 'echarts/core';
import { SEVERITIES, type DaySeverities, type Severity } from '../api/types';

echarts.use([LineChart, GridComponent, TooltipComponent, SVGRenderer]);
export { echarts };

export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Stacked areas, the gravest at the bottom where its height can be read off the axis. */
export function dailyOption(days: DaySeverities[], names: Record<Severity, string>, fontSize = 11): EChartsCoreOption {
  const axisText = { color: token('ink-3'), fontSize };
  return {
    animation: false,
    textStyle: { fontFamily: token('font-text') },
    grid: { left: 4, right: 8, top: 10, bottom: 0, containLabel: true },
    tooltip: {
      trigger: 'axis',
      backgroundColor: token('panel'),
      borderColor: token('line-strong'),
      textStyle: { color: token('ink'), fontSize: 12 },
      axisPointer: { lineStyle: { color: token('ink-3') } },
      order: 'seriesAsc',
    },
    xAxis: {
      type: 'category',
      boundaryGap: false,
      data: days.map((day) => day.date),
      axisLine: { lineStyle: { color: token('line-strong') } },
      axisTick: { show: false },
      axisLabel: { ...axisText, formatter: (date: string) => date.slice(5), hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      splitNumber: 4,
      axisLabel: axisText,
      splitLine: { lineStyle: { color: token('line') } },
    },
    series: SEVERITIES.map((severity) => area(severity, names[severity], days)),
  };
}

function area(severity: Severity, name: string, days: DaySeverities[]) {
  const color = token(severity);
  return {
    name,
    type: 'line',
    stack: 'all',
    symbol: days.length < 2 ? 'circle' : 'none',
    color,
    lineStyle: { width: 1, color },
    areaStyle: { color, opacity: severity === 'info' ? 0.35 : 0.75 },
    emphasis: { disabled: true },
    data: days.map((day) => day[severity] ?? 0),
  };
}
