import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { configuration } from "../lib/configuration.ts";
import { MonitorStack } from "../lib/monitor-stack.ts";
import { versionHere } from "./version.ts";

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
new MonitorStack(app, "Counterfoil", { ...configuration(app.node.getAllContext()), version: versionHere() });
