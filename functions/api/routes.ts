import type { Route } from "./route.ts";

/** Every route, in the order in which the document lists them. Each lies with its handler. */
export const ROUTES: readonly Route[] = [];
