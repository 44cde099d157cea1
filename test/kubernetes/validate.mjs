// Reads documents with the module of their schema (JSON) on stdin and prints, as JSON, what is wrong with each. The schemas are ES modules.
import { text } from 'node:stream/consumers';

const wrong = [];
for (const { module, document } of JSON.parse(await text(process.stdin))) {
  const model = (await import(module))[document.kind];
  try {
    new model(document).validate();
  } catch (error) {
    wrong.push(`${document.kind} ${document.metadata?.name}: ${error.message}`);
  }
}
process.stdout.write(JSON.stringify(wrong));
