import { topicDifferences, wantedTopics } from './wantedTopics';

const settingsOf = (topic = wantedTopics({}, 1)[0]) =>
  Object.fromEntries((topic?.configEntries ?? []).map(({ name, value }) => [name, value]));

test.each([
  [0, 1, undefined],
  [1, 1, undefined],
  [2, 2, undefined],
  [3, 3, '2'],
  [7, 3, '2'],
])('on %i brokers there are %i copies', (brokers, copies, minInsync) => {
  for (const topic of wantedTopics({}, brokers)) {
    expect(topic.replicationFactor).toBe(copies);
    expect(settingsOf(topic)['min.insync.replicas']).toBe(minInsync);
  }
});

test('what is chosen is what is made, of both topics but for what is the events’ own', () => {
  const [events, letters] = wantedTopics(
    {
      partitions: 12,
      replicationFactor: 5,
      minInsyncReplicas: 3,
      retentionMs: 1000,
      deadLetterBytes: 8_388_608,
    },
    3,
  );
  expect(events).toMatchObject({ numPartitions: 12, replicationFactor: 5 });
  expect(letters).toMatchObject({ numPartitions: 1, replicationFactor: 5 });
  expect(settingsOf(events)).toMatchObject({ 'retention.ms': '1000', 'min.insync.replicas': '3' });
  expect(settingsOf(letters)).toMatchObject({
    'retention.ms': '-1',
    'min.insync.replicas': '3',
    'max.message.bytes': '8388608',
  });
});

test('a topic that is as it would be made differs in nothing; each thing that differs is told with what to do', () => {
  const [wanted] = wantedTopics({}, 3);
  if (wanted === undefined) throw new Error('there is an events topic');
  const settings = new Map(Object.entries(settingsOf(wanted)));
  expect(topicDifferences(wanted, { partitions: 6, replicas: 3, settings })).toEqual([]);
  settings.set('retention.ms', '60000');
  expect(topicDifferences(wanted, { partitions: 4, replicas: 1, settings })).toMatchObject([
    {
      setting: 'partitions',
      is: '4',
      wanted: '6',
      alterable: false,
      how: expect.stringMatching(/^growing moves keys/) as string,
    },
    { setting: 'replication factor', is: '1', wanted: '3', alterable: false },
    { setting: 'retention.ms', is: '60000', wanted: '604800000', alterable: true },
  ]);
  expect(topicDifferences(wanted, { partitions: 9, replicas: 3, settings: new Map() })).toMatchObject([
    { setting: 'partitions', how: expect.stringMatching(/cannot shrink/) as string },
    { setting: 'retention.ms', is: 'unknown' },
    { setting: 'min.insync.replicas' },
    { setting: 'compression.type' },
  ]);
});
