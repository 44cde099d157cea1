/** @jest-environment jsdom */
import { createDataFrame, getDefaultTimeRange, LoadingState, type PanelData } from '@grafana/data';
import { keptAnswer, shownData, type Answer } from './useLastData';

const data = (state: LoadingState, ...values: number[][]): PanelData => ({
  state,
  timeRange: getDefaultTimeRange(),
  series: values.map((each) => createDataFrame({ fields: [{ name: 'total', values: each }] })),
});
/** What is on the screen after each of them, one second apart. */
function shown(...all: PanelData[]) {
  let last: Answer | undefined;
  return all.map((incoming, n) => {
    last = keptAnswer(last, incoming, n * 1_000);
    const { data: drawn, outlivedSince } = shownData(last, incoming);
    return [drawn.state, drawn.series[0]?.fields[0]?.values[0] as unknown, outlivedSince];
  });
}

const { Done, Error, Loading } = LoadingState;

test('before the first answer nothing is shown, whatever happens', () => {
  expect(shown(data(Loading), data(Error))).toEqual([
    [Loading, undefined, undefined],
    [Error, undefined, undefined],
  ]);
});

test('figures stay while a refresh runs, and with the time of their coming when it failed', () => {
  expect(shown(data(Done, [7]), data(Loading), data(Error), data(Error), data(Done, [8]))).toEqual([
    [Done, 7, undefined],
    [Loading, 7, undefined],
    [Error, 7, 0],
    [Error, 7, 0],
    [Done, 8, undefined],
  ]);
});

test('an empty answer is an answer: older figures do not outlive it', () => {
  expect(shown(data(Done, [7]), data(Done), data(Error))).toEqual([
    [Done, 7, undefined],
    [Done, undefined, undefined],
    [Error, undefined, undefined],
  ]);
});

test('of several queries, what some brought is shown though another failed', () => {
  expect(shown(data(Done, [7]), data(Error, [9]), data(Error))).toEqual([
    [Done, 7, undefined],
    [Error, 9, undefined],
    [Error, 9, 1_000],
  ]);
});
