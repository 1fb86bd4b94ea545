import { handle } from "hono/aws-lambda";
import { servingChoices, servingPorts } from "../aws/serving.ts";
import { start } from "../aws/start.ts";
import { createApi } from "./api.ts";
import type { ApiPorts, ApiSettings } from "./seams.ts";

const started = start();
const { env, stage, meter } = started;
const ports: ApiPorts = servingPorts(started);
const report: ApiSettings["report"] = (fault) => {
  meter.count("Faults");
  meter.publish();
  stage.log("error", "request failed", { ...fault });
};

/** The API behind API Gateway. */
export const handler = handle(createApi(ports, { ...servingChoices(env), report }));
