export declare function buildPlugin(outfile: string): Promise<void>;
