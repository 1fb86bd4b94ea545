/** `npm run openapi`: writes the document that the API serves. */
import { writeFileSync } from "node:fs";
import { versionHere } from "../version.ts";
import { openApiDocument } from "./document.ts";

const PATH = new URL("../../functions/api/openapi.json", import.meta.url);
writeFileSync(PATH, `${JSON.stringify(openApiDocument(versionHere()))}\n`);
