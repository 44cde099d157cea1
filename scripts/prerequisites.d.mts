export function nodeProblem(version: string, engines: string): string | undefined;
export function enginesOf(root: string): string;
export function needsInstall(root: string): boolean;
export function neverInstalled(root: string): boolean;
