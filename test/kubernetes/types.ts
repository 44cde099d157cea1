import path from 'node:path';
import ts from 'typescript';
import type { Doc } from './documents';

const OPERATORS: Readonly<Record<string, string>> = {
  'kafka.strimzi.io': '@kubernetes-models/strimzi-kafka-operator/kafka.strimzi.io',
  'postgresql.cnpg.io': '@kubernetes-models/cloudnative-pg/postgresql.cnpg.io',
  'keda.sh': '@kubernetes-models/keda/keda.sh',
};
const FILE = path.join(__dirname, 'documents.generated.ts');

/** The module with type and schema of a document, made from Kubernetes' own description or the operator's. */
export function moduleOf({ apiVersion, kind }: Pick<Doc, 'apiVersion' | 'kind'>): string {
  const [group = '', ...version] = apiVersion.split('/');
  return [OPERATORS[group] ?? `kubernetes-models/${group}`, ...version, kind].join('/');
}

/**
 * What the compiler says of documents as literals of their types: unlike the schemas, it refuses fields that there are not.
 *
 * @returns a sentence for each error, with the document's kind and name
 */
export function typeErrors(docs: readonly Doc[]): string[] {
  const lines = docs.map(
    (doc, i) =>
      `const d${i}: import(${JSON.stringify(moduleOf(doc))}).I${doc.kind} = ${JSON.stringify(doc)}; void d${i};`,
  );
  const source = `${lines.join('\n')}\nexport {};\n`;
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  const files = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...files,
    fileExists: (name) => name === FILE || files.fileExists(name),
    readFile: (name) => (name === FILE ? source : files.readFile(name)),
    getSourceFile: (name, version, ...rest) =>
      name === FILE
        ? ts.createSourceFile(name, source, version)
        : files.getSourceFile(name, version, ...rest),
  };
  return ts.getPreEmitDiagnostics(ts.createProgram([FILE], options, host)).map((diagnostic) => {
    const line = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? -1;
    const doc = diagnostic.file?.fileName === FILE ? docs[line] : undefined;
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
    return `${doc?.kind} ${doc?.metadata.name}: ${text}`;
  });
}
