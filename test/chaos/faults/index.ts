import type { PlannedFault } from '../schedule';
import { consumerFrozen, consumerKilled, consumersRebalanced, killedAt } from './consumers';
import {
  databaseCut,
  databaseHalfOpen,
  databaseKilled,
  databaseLocked,
  databaseReadOnly,
  databaseSlow,
  databaseStopped,
} from './database';
import { deadLettersRefused } from './deadLetters';
import type { Fault } from './fault';
import { kafkaFrozen, kafkaHalfOpen, kafkaKilled, kafkaRestarted } from './kafka';
import { producerKilled } from './producer';

export type { Victims } from './fault';

/** How each kind is done. */
export const DO: Readonly<Record<PlannedFault['kind'], Fault>> = {
  consumer_killed: consumerKilled,
  killed_before_database_commit: killedAt('before_database_commit'),
  killed_after_database_commit: killedAt('after_database_commit'),
  killed_after_dead_letters: killedAt('after_dead_letters'),
  consumer_frozen: consumerFrozen,
  consumers_rebalanced: consumersRebalanced,
  producer_killed: producerKilled,
  kafka_killed: kafkaKilled,
  kafka_restarted: kafkaRestarted,
  kafka_frozen: kafkaFrozen,
  kafka_half_open: kafkaHalfOpen,
  database_killed: databaseKilled,
  database_restarted: databaseStopped,
  database_outage: databaseStopped,
  database_half_open: databaseHalfOpen,
  database_cut: databaseCut,
  database_locked: databaseLocked,
  database_read_only: databaseReadOnly,
  database_slow: databaseSlow,
  dead_letters_refused: deadLettersRefused,
};
