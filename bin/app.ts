import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { configuration, Misconfigured } from "../lib/configuration.ts";
import { MonitorStack } from "../lib/monitor-stack.ts";
import { versionHere } from "./version.ts";

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
try {
  const chosen = configuration(app.node.getAllContext());
  new MonitorStack(app, "Counterfoil", { ...chosen, version: versionHere() });
} catch (error) {
  if (!(error instanceof Misconfigured)) throw error;
  // A sentence for whoever typed it, and no trace of ours behind it.
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
