import {
  DashboardCursorSync,
  DataHoverClearEvent,
  DataHoverEvent,
  type DataHoverPayload,
  EventBusSrv,
  FieldType,
  toDataFrame,
} from '@grafana/data';
import { act, fireEvent, screen } from '@testing-library/react';
import { Subject } from 'rxjs';
import { TEST_IDS } from '../constants';
import { fillRegistries } from '../test/editors';
import { ORIGINAL, statusFrame } from '../test/frames';
import { showPanel } from '../test/panel';
import { provideServices } from '../test/services';
import { statusOfHover } from './match';

beforeAll(fillRegistries);
beforeEach(() => provideServices());

const STATUSES = [
  { id: 'ENTREGUE', label: 'Entregue ao cliente', members: ['ENTREGUE'] },
  { id: '', label: '(no status)', members: [''] },
  { id: 'CANCELADO', label: 'CANCELADO', members: ['CANCELADO'] },
];
const other = toDataFrame({
  fields: [
    { name: 'hora', type: FieldType.time, values: [0, 1] },
    { name: 'cidade', type: FieldType.string, values: ['Recife', 'Natal'] },
    { name: 'situacao', type: FieldType.string, values: ['CANCELADO', 'Entregue ao cliente'] },
    { name: 'valor', type: FieldType.number, values: [1, 2], labels: { status: 'ENTREGUE' } },
    { name: 'CANCELADO', type: FieldType.number, values: [1, 2] },
  ],
});

describe('the status under the pointer of another panel', () => {
  it.each<[string, Partial<DataHoverPayload>, string | undefined]>([
    ['a text of the row', { data: other, rowIndex: 0 }, 'CANCELADO'],
    ['the label that a mapping gave it', { data: other, rowIndex: 1 }, 'ENTREGUE'],
    ['a label of the column', { data: other, columnIndex: 3 }, 'ENTREGUE'],
    ['the name of the column', { data: other, columnIndex: 4 }, 'CANCELADO'],
    ['the row before the column', { data: other, rowIndex: 0, columnIndex: 3 }, 'CANCELADO'],
    ['no status', { data: other, rowIndex: 7, columnIndex: 0 }, undefined],
    ['no data', { rowIndex: 0 }, undefined],
  ])('is found by %s', (_, payload, expected) => {
    expect(statusOfHover({ point: {}, ...payload }, STATUSES)).toBe(expected);
  });
});

describe('hover sync', () => {
  const row = (status: string) => screen.getByTestId(TEST_IDS.tableRow(status));
  const isLit = (status: string) => row(status).className !== row('EM TRÂNSITO').className;
  const hoverElsewhere = new DataHoverEvent({ point: {}, data: other, rowIndex: 0 });

  function show(sync?: DashboardCursorSync) {
    const panel = showPanel({}, sync === undefined ? {} : { sync: () => sync });
    const heard: Array<DataHoverPayload | 'clear'> = [];
    panel.eventBus.getStream(DataHoverEvent).subscribe(({ payload }) => heard.push(payload));
    panel.eventBus.getStream(DataHoverClearEvent).subscribe(() => heard.push('clear'));
    return { ...panel, heard };
  }

  it('tells the others which row is hovered, once, and when it no longer is', () => {
    const { heard } = show(DashboardCursorSync.Crosshair);
    const slice = screen.getByTestId(TEST_IDS.slice('EXTRAVIADO'));
    fireEvent.mouseMove(slice);
    fireEvent.mouseMove(slice);
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatchObject({
      rowIndex: ORIGINAL.findIndex(([status]) => status === 'EXTRAVIADO'),
      columnIndex: 1,
    });
    expect(heard[0] !== 'clear' && heard[0]?.data?.fields[0]?.name).toBe('status_rastreamento');
    fireEvent.mouseLeave(slice);
    expect(heard.slice(1)).toEqual(['clear']);
    fireEvent.mouseEnter(row('CANCELADO'));
    expect(heard).toHaveLength(3);
  });

  it('follows the others, without an echo, until they leave', () => {
    const { heard, eventBus } = show(DashboardCursorSync.Tooltip);
    act(() => eventBus.publish(hoverElsewhere));
    expect(isLit('CANCELADO')).toBe(true);
    act(() => eventBus.publish(new DataHoverClearEvent()));
    expect(isLit('CANCELADO')).toBe(false);
    expect(heard).toEqual([hoverElsewhere.payload, 'clear']);
  });

  it('knows the statuses of the latest frames', () => {
    const { eventBus, update } = show();
    update({
      frames: [
        statusFrame([
          ['EM TRÂNSITO', 1],
          ['Recife', 2],
        ]),
      ],
    });
    act(() => eventBus.publish(hoverElsewhere));
    expect(isLit('Recife')).toBe(true);
  });

  it('neither tells nor follows where the dashboard shares no cursor', () => {
    const { heard, eventBus } = show(DashboardCursorSync.Off);
    act(() => eventBus.publish(hoverElsewhere));
    expect(isLit('CANCELADO')).toBe(false);
    fireEvent.mouseEnter(row('CANCELADO'));
    expect(isLit('CANCELADO')).toBe(true);
    expect(heard).toEqual([hoverElsewhere.payload]);
  });

  it('stops listening when the panel goes', () => {
    const eventBus = new EventBusSrv();
    const stream = new Subject<never>();
    jest.spyOn(eventBus, 'getStream').mockReturnValue(stream);
    const { unmount } = showPanel({}, { eventBus });
    expect(stream.observed).toBe(true);
    unmount();
    expect(stream.observed).toBe(false);
  });
});
