export function bundlePage(root: string, outfile?: string): Promise<void>;
