import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources?: { readonly requests?: object; readonly limits?: object };
  readonly securityContext?: object;
  readonly readinessProbe?: object;
  readonly livenessProbe?: object;
  readonly lifecycle?: object;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

export interface PodSpec {
  readonly automountServiceAccountToken?: boolean;
  readonly securityContext?: object;
  readonly containers: readonly Container[];
  readonly volumes?: readonly {
    readonly name: string;
    readonly secret?: { readonly secretName: string; readonly items?: readonly { readonly key: string }[] };
    readonly persistentVolumeClaim?: { readonly claimName: string };
  }[];
}

export interface Doc {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly replicas?: number;
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly template?: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec?: PodSpec;
    };
  } & Readonly<Record<string, unknown>>;
}

interface Image {
  readonly name: string;
  readonly newName?: string;
  readonly newTag?: string;
}

export interface Kustomization {
  readonly resources: readonly string[];
  readonly images?: readonly Image[];
}

export const FOLDER = path.resolve(__dirname, '../../kubernetes');
/** What a kustomization of ours says; with more, the files would no longer be what comes out of kustomize. */
export const PLAIN = ['apiVersion', 'kind', 'namespace', 'resources', 'images'];

/** The folders with a kustomization. */
export const folders: readonly string[] = readdirSync(FOLDER);

/** A folder's kustomization. */
export function kustomization(folder: string): Kustomization {
  return parse(readFileSync(path.join(FOLDER, folder, 'kustomization.yaml'), 'utf8')) as Kustomization;
}

/** Every document of a folder and of those that it lists, with the images that it names, as kustomize renders it. */
export function documents(folder: string): Doc[] {
  const { resources, images = [] } = kustomization(folder);
  return resources
    .flatMap((resource) =>
      resource.endsWith('.yaml')
        ? parseAllDocuments(readFileSync(path.join(FOLDER, folder, resource), 'utf8')).map(
            (d) => d.toJS() as Doc,
          )
        : documents(path.join(folder, resource)),
    )
    .map((doc) => withImages(doc, images));
}

function withImages(doc: Doc, images: readonly Image[]): Doc {
  for (const container of doc.spec?.template?.spec?.containers ?? []) {
    const [name = ''] = container.image.split(':');
    const found = images.find((image) => image.name === name);
    if (found !== undefined)
      Object.assign(container, { image: `${found.newName ?? name}:${found.newTag ?? 'latest'}` });
  }
  return doc;
}
