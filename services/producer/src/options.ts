import { InvalidArgumentError, Option } from 'commander';

/** `--brokers`, from KAFKA_BROKERS where not given. */
export function brokersOption(): Option {
  return new Option('--brokers <list>', 'Kafka brokers, host:port separated by commas')
    .env('KAFKA_BROKERS')
    .default('localhost:9094');
}

/** A parser for a number within bounds. */
export function numberIn(min: number, max: number, integer = false): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= min && value <= max) || (integer && !Number.isInteger(value))) {
      throw new InvalidArgumentError(`Use ${integer ? 'a whole number' : 'a number'} from ${min} to ${max}.`);
    }
    return value;
  };
}
