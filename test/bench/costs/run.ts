/** Writes docs/costs.md. */
import { writeFileSync } from "node:fs";
import { page } from "./page.ts";

writeFileSync(new URL("../../../docs/costs.md", import.meta.url), page());
