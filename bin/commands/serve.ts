import type { Command } from "commander";
import { addServeOptions, type ServeOptions } from "../serve-options.ts";

/** `counterfoil serve`. The whole monitor is loaded for it alone: other commands shall answer at once. */
export function register(program: Command): void {
  const command = program
    .command("serve")
    .description("follow an index, serve the API, deliver alerts; until interrupted");
  addServeOptions(command).action(async (options: ServeOptions, asked: Command) => {
    const { serve } = await import("../serving.ts");
    await serve(options, asked);
  });
}
