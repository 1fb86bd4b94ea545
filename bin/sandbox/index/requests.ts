import type { IncomingHttpHeaders } from "node:http";

/** Every address the sandbox has, by what is there. */
export type Route =
  | "upload"
  | "simple-list"
  | "simple-project"
  | "project-json"
  | "release-json"
  | "xmlrpc"
  | "rss-updates"
  | "rss-projects"
  | "rss-project"
  | "integrity"
  | "file"
  | "file-metadata"
  | "nowhere";

/** One request as it came. `status` is null while it is unanswered or when the connection was dropped instead. */
export interface Request {
  readonly at: Date;
  readonly route: Route;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly project: string | null;
  readonly file: string | null;
  status: number | null;
}

/** What clients asked: every request is counted, the newest ones are kept. */
export class RequestLog {
  readonly #kept: Request[] = [];
  readonly #counts = new Map<Route, number>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(request: Request): Request {
    this.#counts.set(request.route, this.count(request.route) + 1);
    this.#kept.push(request);
    if (this.#kept.length > this.#capacity * 2) this.#kept.splice(0, this.#capacity);
    return request;
  }

  /** The newest requests, oldest first. */
  get all(): readonly Request[] {
    return this.#kept.slice(-this.#capacity);
  }

  of(route: Route): readonly Request[] {
    return this.all.filter((request) => request.route === route);
  }

  count(route: Route): number {
    return this.#counts.get(route) ?? 0;
  }

  get counts(): Readonly<Partial<Record<Route, number>>> {
    return Object.fromEntries(this.#counts);
  }

  clear(): void {
    this.#kept.length = 0;
    this.#counts.clear();
  }
}
