import { runProgram } from '@rastreio/runtime';
import { createProgram } from './program';

// Only a failure needs to know Kafka's answers, so that other commands start without its client.
const explain = async (error: unknown) => (await import('@rastreio/kafka')).refused(error);

void createProgram(process.argv.slice(2)).then((program) => runProgram(program, explain));
