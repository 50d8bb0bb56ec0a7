export declare function bundle(
  input: string,
  file: string,
  format: "cjs" | "iife",
  external?: string[],
): Promise<void>;
export declare function buildPlugin(outfile: string): Promise<void>;
