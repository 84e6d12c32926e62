/** The manifest that a package is published with: what `publishConfig` says wins, as it does for pnpm and yarn. */

/** `package.json`, as far as publishing changes it. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly files?: readonly string[];
  readonly repository?: { readonly type: string; readonly url: string; readonly directory: string };
  readonly publishConfig?: { readonly access: string; readonly exports: object };
  readonly [field: string]: unknown;
}

/** Make the published manifest; `repository` is where the sources are, if that is known. */
export function publishedManifest(manifest: Manifest, { repository }: { repository?: string | undefined }): object {
  const { publishConfig, devDependencies: _, ...rest } = manifest;
  if (publishConfig === undefined) throw new Error(`Cannot publish "${manifest.name}": it has no publishConfig`);
  const { exports, ...config } = publishConfig;
  const where = { ...manifest.repository, ...(repository !== undefined && { url: `git+${repository}` }) };
  return { ...rest, repository: where, exports, publishConfig: config };
}
