import type { Context, Hono } from "hono";
import { accepts } from "hono/accepts";
import { receiptText } from "../records/receipts.ts";
import type { Submission } from "../records/submissions.ts";
import { receiptFor } from "./answering.ts";
import { readBody } from "./bodies.ts";
import { demandSubmitter } from "./callers.ts";
import { projectNamed } from "./projects.ts";
import { store } from "./recording.ts";
import type { ApiPorts } from "./seams.ts";

/** Asked for neither, a submitter is answered in kind: JSON for JSON, and text for what sha256sum printed. */
const wantsJson = (c: Context, format: Submission["format"]): boolean =>
  accepts(c, {
    header: "Accept",
    supports: ["application/json", "text/plain"],
    default: format === "json" ? "application/json" : "text/plain",
  }) === "application/json";

/** `POST /v1/projects/{project}/records`: a watcher says what they released. 201 when anything was new. */
export function recordRoutes(app: Hono, ports: ApiPorts): void {
  app.post("/v1/projects/:project/records", async (c) => {
    const project = projectNamed(c.req.param("project"));
    const by = await demandSubmitter(c.req.raw, ports, project);
    const stored = await store(ports, project, by, await readBody(c.req.raw));
    const receipt = await receiptFor(ports, project, by, stored);
    const status = stored.added.length > 0 ? 201 : 200;
    return wantsJson(c, stored.submission.format)
      ? c.json(receipt, status)
      : c.text(receiptText(receipt), status);
  });
}
